//! `?limit=` and `?cursor=` of lists that have no other query.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::extract::Paging;
use crate::problem::Problem;

/// Which page is wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

impl PageQuery {
    /// The page, if there can be one of that kind.
    pub(crate) fn paging(&self) -> Result<Paging, Problem> {
        Paging::parse(self.limit, self.cursor.as_deref())
    }
}
