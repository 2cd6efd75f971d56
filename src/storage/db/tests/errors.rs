//! Both databases say the same about the same mistake.

use test_support::both_databases;

use super::*;

both_databases!(
    a_taken_key_has_the_same_name,
    a_check_has_the_same_name,
    a_reference_to_nothing_is_refused,
    a_trigger_is_heard,
    a_callers_own_error_rolls_back,
    what_is_not_there_is_not_found,
);

async fn a_taken_key_has_the_same_name(database: TestDatabase) {
    let db = with_notes(&database).await;
    db.write(|conn| insert(conn, "one", 1)).await.unwrap();
    let title = db.write(|conn| insert(conn, "one", 2)).await.unwrap_err();
    assert!(title.conflicts_on("notes_title_key"), "{title:?}");
    let place = db.write(|conn| insert(conn, "two", 1)).await.unwrap_err();
    assert!(place.conflicts_on("notes_shelf_place_key"), "{place:?}");
}

async fn a_check_has_the_same_name(database: TestDatabase) {
    let db = with_notes(&database).await;
    let low = db
        .write(|conn| execute(conn, "INSERT INTO notes (title, shelf, place) VALUES ('low', -1, 0)"))
        .await
        .unwrap_err();
    assert!(low.rejected_by("notes_shelf_check"), "{low:?}");
    let missing =
        db.write(|conn| execute(conn, "INSERT INTO notes (title, shelf) VALUES ('no place', 1)")).await;
    assert!(matches!(missing, Err(StoreError::Rejected { .. })), "{missing:?}");
}

async fn a_reference_to_nothing_is_refused(database: TestDatabase) {
    let db = with_notes(&database).await;
    db.write(|conn| execute(conn, "CREATE TABLE marks (title TEXT NOT NULL REFERENCES notes (title))"))
        .await
        .unwrap();
    let dangling = db.write(|conn| execute(conn, "INSERT INTO marks VALUES ('nothing')")).await;
    assert!(matches!(dangling, Err(StoreError::Rejected { .. })), "{dangling:?}");
}

async fn a_trigger_is_heard(database: TestDatabase) {
    let db = with_notes(&database).await;
    db.write(|conn| match conn {
        Conn::Sqlite(_) => execute(
            conn,
            "CREATE TRIGGER notes_stay BEFORE DELETE ON notes BEGIN SELECT RAISE(ABORT, 'refused: notes stay'); END",
        ),
        Conn::Pg(_) => execute(
            conn,
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'refused: notes stay'; END $$;
             CREATE TRIGGER notes_stay BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION refuse()",
        ),
    })
    .await
    .unwrap();
    db.write(|conn| insert(conn, "one", 1)).await.unwrap();
    let refusal = db.write(|conn| execute(conn, "DELETE FROM notes")).await.unwrap_err();
    assert!(refusal.rejected_by("notes stay"), "{refusal:?}");
}

async fn a_callers_own_error_rolls_back(database: TestDatabase) {
    #[derive(Debug)]
    enum Failure {
        QuotaExceeded,
        Store(StoreError),
    }
    impl From<StoreError> for Failure {
        fn from(error: StoreError) -> Self {
            Self::Store(error)
        }
    }

    let db = with_notes(&database).await;
    let refused = db
        .write::<(), Failure>(|conn| {
            insert(conn, "too many", 1)?;
            Err(Failure::QuotaExceeded)
        })
        .await;
    assert!(matches!(refused, Err(Failure::QuotaExceeded)), "{refused:?}");
    let conflict = db.write::<(), Failure>(|conn| {
        insert(conn, "one", 1)?;
        Ok(insert(conn, "one", 2)?)
    });
    match conflict.await {
        Err(Failure::Store(error)) => assert!(error.conflicts_on("notes_title_key"), "{error:?}"),
        other => panic!("{other:?}"),
    }
    assert!(db.read(titles).await.unwrap().is_empty());
}

async fn what_is_not_there_is_not_found(database: TestDatabase) {
    let db = with_notes(&database).await;
    let missing = db
        .read(|conn| Ok::<String, StoreError>(on!(conn, c => notes::table.select(notes::title).first(c))?))
        .await;
    assert!(matches!(missing, Err(StoreError::NotFound)), "{missing:?}");
}

#[test]
fn a_database_that_cannot_be_reached_says_why() {
    let nowhere = DatabaseConfig::new("postgres://nobody@127.0.0.1:1/nothing").unwrap();
    match Db::open(&nowhere) {
        Err(StoreError::Unavailable { reason }) => assert!(reason.contains("127.0.0.1"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
