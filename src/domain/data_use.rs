//! The agreement under which researchers are given rows about people.

/// The agreement in force: its version and its words.
pub const DATA_USE_AGREEMENT: (i32, &str) = (
    1,
    "1. The data are used for the study of the request alone, and by the people who are named in its approval. \
     2. Nobody tries to find out who stands behind a pseudonym, nor joins the data with leaderboards, publications or other exports \
     to that end; who finds somebody out by chance tells the operator and nobody else. \
     3. The data are kept where only those people reach them, and are not given away. \
     4. What is published shows no number of fewer than five people, and no row. \
     5. Rows of pseudonyms that the request lists as withdrawn are deleted within 30 days. \
     6. The data are deleted when the approval of the ethics board ends.",
);
