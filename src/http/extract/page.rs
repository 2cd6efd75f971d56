//! Lists, page by page.

use app::{Failure, FieldError};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::problem::Problem;

const USUAL: u32 = 50;
const MOST: u32 = 200;

/// Which page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// How many items.
    pub limit: u32,
    /// Behind which item.
    pub after: Option<Uuid>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// What to send as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

impl Paging {
    /// Reads `?limit=` and `?cursor=`.
    pub fn parse(limit: Option<u32>, cursor: Option<&str>) -> Result<Self, Problem> {
        let refusal = |field: &str, rule: String| Failure::invalid_fields(vec![FieldError::new(field, rule)]);
        let limit = limit.unwrap_or(USUAL);
        if !(1..=MOST).contains(&limit) {
            return Err(refusal("limit", format!("must be between 1 and {MOST}")).into());
        }
        let unreadable = || refusal("cursor", "must be the `next` of an earlier page".into());
        let read =
            |text: &str| -> Option<Uuid> { Uuid::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok() };
        let after = cursor.map(|text| read(text).ok_or_else(unreadable)).transpose()?;
        Ok(Self { limit, after })
    }

    /// One more than is shown: whether there is a next page is then known.
    pub fn rows_to_read(self) -> u32 {
        self.limit + 1
    }

    /// The page of these rows, of which [`Paging::rows_to_read`] were asked for.
    pub fn page<R, T>(self, mut rows: Vec<R>, id: impl Fn(&R) -> Uuid, view: impl Fn(R) -> T) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(id(last)));
        Page { items: rows.into_iter().map(view).collect(), next }
    }
}

impl<T> Page<T> {
    /// A list that is never long.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_one_another() {
        let ids: Vec<Uuid> = (1..=5).map(Uuid::from_u128).collect();
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let paging = Paging::parse(Some(2), cursor.as_deref()).unwrap();
            let rest = ids.iter().copied().filter(|id| paging.after.is_none_or(|after| *id > after));
            let rows = rest.take(paging.rows_to_read() as usize).collect();
            let page = paging.page(rows, |id| *id, |id| id);
            assert!(page.items.len() <= 2);
            seen.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ids);
    }

    #[test]
    fn limits_and_cursors_are_checked() {
        assert_eq!(Paging::parse(None, None).unwrap(), Paging { limit: 50, after: None });
        assert!(Paging::parse(Some(0), None).is_err());
        assert!(Paging::parse(Some(201), None).is_err());
        assert!(Paging::parse(None, Some("x")).is_err());
    }
}
