//! Bodies that say what a record says, field by field: the API has structures of its own, and rows never leave as JSON.

/// Makes a body that is read, shown and described in the OpenAPI document, with both ways to the record of the same fields.
macro_rules! body_of {
    ($(#[$meta:meta])* $name:ident of $record:ty { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $($(#[$field_meta])* $field: $type,)*
        }

        impl From<$name> for $record {
            fn from(body: $name) -> Self {
                Self { $($field: body.$field,)* }
            }
        }

        impl From<$record> for $name {
            fn from(record: $record) -> Self {
                Self { $($field: record.$field,)* }
            }
        }
    };
}
pub(super) use body_of;

/// What is said where nobody says anything.
pub(super) fn not_disclosed() -> String {
    "not_disclosed".to_owned()
}

/// The same in the vocabularies of work and pay.
pub(super) fn undisclosed() -> String {
    "undisclosed".to_owned()
}

/// The same in the vocabularies of how people were treated.
pub(super) fn unknown() -> String {
    "unknown".to_owned()
}
