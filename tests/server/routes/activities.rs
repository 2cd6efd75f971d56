//! Lists of activities, what they mean in each other, how populations spend their days, and how much of what is which.

use heldout_server_tests::{Answer, Client, Stage, TestServer, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    lists_and_what_they_mean_are_kept_with_their_bounds,
    what_contradicts_itself_is_refused_with_its_place,
    a_split_is_at_most_a_whole_of_activities,
    what_the_program_brings_is_recorded_once,
);

const LIST: &str = "code,title,parent,origin\nfood,Food,,planned\ncooking,Cooking,food,planned\ntea,Making tea,food,ad_hoc\n";
const MEANING: &str = "from_code,from_title,to_code,weight,weight_min,weight_max,mapping_relation,determinacy\n\
    cooking,Cooking,a,1,0,1,closeMatch,purpose\ncooking,Cooking,b,0,0,1,closeMatch,purpose\ntea,Making tea,a,1,1,1,exactMatch,label\n";

fn import(who: &Client, path: &str, table: &str) -> Answer {
    who.send("POST", &format!("/api/v1/{path}"), &[("Content-Type", "text/csv")], table)
}

fn list(who: &Client, name: &str, table: &str) -> Answer {
    import(who, &format!("taxonomies?name={name}&version=1.0&title=A%20list&source=A%20paper"), table)
}

fn told(refused: &Value) -> Vec<(String, String)> {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    let errors = refused["errors"].as_array().unwrap();
    errors.iter().map(|error| (text(error, "field"), text(error, "detail"))).collect()
}

fn lists_and_what_they_mean_are_kept_with_their_bounds(server: &TestServer) {
    let (ada, ben, anyone) = (server.person("ada"), server.person("ben"), server.anonymous());
    let made = list(&ada, "mine", LIST).expect(201);
    list(&ada, "theirs", "code,title\na,A\nb,B\n").expect(201);
    // The version is on record, and the list is Ada's to continue.
    assert_eq!(list(&ada, "mine", LIST).problem(409), "state_conflict");
    let next = "taxonomies?name=mine&version=2.0&title=A%20list&source=A%20paper";
    assert_eq!(import(&ben, next, LIST).problem(403), "forbidden");
    assert_eq!(import(&anyone, next, LIST).problem(401), "not_signed_in");
    import(&ada, next, LIST).expect(201);

    let shown = anyone.get("/api/v1/taxonomies/mine@1.0").expect(200);
    assert_eq!(shown["id"], made["id"]);
    assert_eq!((&shown["licence"], &shown["closed"]), (&json!("not_disclosed"), &json!("not_disclosed")));
    let tea = json!({"code": "tea", "title": "Making tea", "parent": "food", "origin": "ad_hoc"});
    assert_eq!(shown["terms"][2], tea);
    assert_eq!(anyone.get("/api/v1/taxonomies").expect(200)["items"].as_array().unwrap().len(), 3);

    let path = "mappings?from=mine@1.0&to=theirs@1.0&version=0.1.0&source=Ada";
    let headers = [("Idempotency-Key", "once"), ("Content-Type", "text/csv")];
    let made = ada.send("POST", &format!("/api/v1/{path}"), &headers, MEANING).expect(201);
    let again = ada.send("POST", &format!("/api/v1/{path}"), &headers, MEANING).expect(200);
    assert_eq!(made, again);
    let changed = ada.send("POST", &format!("/api/v1/{path}"), &headers, format!("{MEANING}\n"));
    assert_eq!(changed.problem(409), "idempotency_key_reused");
    let shown = anyone.get(&format!("/api/v1/mappings/{}", made["id"].as_str().unwrap())).expect(200);
    assert_eq!((&shown["from_name"], &shown["to_name"]), (&json!("mine@1.0"), &json!("theirs@1.0")));
    assert_eq!(
        shown["terms"][0],
        json!({"code": "cooking", "relation": "closeMatch", "determinacy": "purpose", "candidates": [
            {"code": "a", "weight": 1.0, "weight_min": 0.0, "weight_max": 1.0},
            {"code": "b", "weight": 0.0, "weight_min": 0.0, "weight_max": 1.0},
        ]})
    );
}

fn what_contradicts_itself_is_refused_with_its_place(server: &TestServer) {
    let ada = server.person("ada");
    let refused = list(&ada, "mine", "code,title,parent,origin\nfood,Food,,plannd\ntea,,fod,\n").expect(422);
    let found = told(&refused);
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["line 2", "line 3", "line 3"]);
    assert!(
        found[0].1.contains("\"origin\"") && found[0].1.contains("did you mean \"planned\""),
        "{found:?}"
    );
    assert!(server.anonymous().get("/api/v1/taxonomies").expect(200)["items"].as_array().unwrap().is_empty());

    list(&ada, "mine", LIST).expect(201);
    list(&ada, "theirs", "code,title\na,A\nb,B\n").expect(201);
    let path = "mappings?from=mine@1.0&to=theirs@1.0&version=0.1.0&source=Ada";
    let nowhere = import(&ada, &path.replace("theirs", "theirz"), MEANING).expect(422);
    assert!(told(&nowhere)[0].1.contains("theirs@1.0"), "{nowhere}");
    // No determinacy, an unknown term, and more than the whole.
    let wrong = "from_code,from_title,to_code,weight,weight_min,weight_max,mapping_relation,determinacy\n\
        cooking,Cooking,a,1,0,1,closeMatch,\ncookin,Cooking,b,0,0,1,closeMatch,purpose\n";
    let found = told(&import(&ada, path, wrong).expect(422));
    assert!(
        found.iter().any(|(place, detail)| place == "line 2" && detail.contains("\"determinacy\"")),
        "{found:?}"
    );
    assert!(
        found.iter().any(|(place, detail)| place == "line 3" && detail.contains("\"cooking\"")),
        "{found:?}"
    );
    let over = MEANING.replace("b,0,0,1", "b,0.5,0,1");
    let found = told(&import(&ada, path, &over).expect(422));
    assert!(found[0].1.contains("exceed 100 %"), "{found:?}");

    // Theirs means mine, and mine means theirs: nothing would hold the bounds.
    import(&ada, path, MEANING).expect(201);
    let back = "from_code,from_title,to_code,weight,weight_min,weight_max,mapping_relation,determinacy\n\
        a,A,tea,1,1,1,exactMatch,label\n";
    let circle = import(&ada, "mappings?from=theirs@1.0&to=mine@1.0&version=1&source=Ada", back).expect(422);
    assert!(told(&circle)[0].1.contains("circle"), "{circle}");
    // Another term leads on, and not back.
    let on = back.replace("a,A,tea", "b,B,food");
    import(&ada, "mappings?from=theirs@1.0&to=mine@1.0&version=1&source=Ada", &on).expect(201);
}

fn a_split_is_at_most_a_whole_of_activities(server: &TestServer) {
    let stage = Stage::set(server, json!({}));
    list(&stage.organizer, "mine", LIST).expect(201);
    let split = stage.phase.strip_prefix("/api/v1/").unwrap().to_owned() + "/splits/all/activities";
    let path = format!("{split}?taxonomy=mine@1.0&unit=hours&method=published&source=A%20paper");
    let over = import(&stage.organizer, &path, "code,share\ncooking,0.7\ntea,0.31\n").expect(422);
    assert!(told(&over)[0].1.contains("exceed 100 %"), "{over}");
    let wrong = path.replace("hours", "days");
    assert_eq!(told(&import(&stage.organizer, &wrong, "code,share\ntea,1\n").expect(422))[0].0, "unit");
    assert_eq!(import(&stage.contestant, &path, "code,share\ntea,1\n").problem(403), "forbidden");
    import(&stage.organizer, &path, "code,share\ncooking,0.7\ntea,0.25\n").expect(201);
    let public = format!("{path}&public=true");
    import(&stage.organizer, &public, "code,share\ncooking,0.7\n").expect(201);

    // What is held out is told to everybody only where somebody says so.
    let seen = |who: &Client| who.get(&format!("/api/v1/{split}")).expect(200)["items"].clone();
    assert_eq!(seen(&stage.organizer).as_array().unwrap().len(), 2);
    let public = seen(&stage.contestant);
    assert_eq!(public.as_array().unwrap().len(), 1);
    assert_eq!(public[0]["shares"], json!({"cooking": 0.7}));

    // A dataset's are recorded by who recorded the dataset.
    let body = json!({"name": "days", "title": "Days", "source": "A paper"});
    stage.organizer.post("/api/v1/datasets", &body).expect(201);
    let version =
        json!({"version": "1.0.0", "released_on": "2024-02-17", "change_class": "majr", "source": "A paper"});
    let refused = stage.organizer.post("/api/v1/datasets/days/versions", &version).expect(422);
    assert!(told(&refused)[0].1.contains("did you mean \"major\"?"), "{refused}");
    let version = json!({"version": "1.0.0", "released_on": "2024-02-17", "change_class": "major", "hours": 3670.5,
        "source": "A paper"});
    stage.organizer.post("/api/v1/datasets/days/versions", &version).expect(201);
    assert_eq!(
        stage.organizer.post("/api/v1/datasets/days/versions", &version).problem(409),
        "state_conflict"
    );
    assert_eq!(stage.contestant.post("/api/v1/datasets/days/versions", &version).problem(403), "forbidden");
    let shown = server.anonymous().get("/api/v1/datasets/days").expect(200);
    assert_eq!(
        (&shown["versions"][0]["hours"], &shown["versions"][0]["instances"]),
        (&json!(3670.5), &Value::Null)
    );
    let shares =
        "datasets/days/versions/1.0.0/activities?taxonomy=mine@1.0&unit=hours&source=A%20paper&public=true";
    import(&stage.organizer, shares, "code,share\ncooking,0.5\n").expect(201);
    let found = server.anonymous().get("/api/v1/datasets/days/versions/1.0.0/activities").expect(200);
    assert_eq!(found["items"][0]["method"], "not_disclosed");
    let missing = shares.replace("1.0.0", "1.0.1");
    assert!(
        told(&import(&stage.organizer, &missing, "code,share\ntea,1\n").expect(422))[0]
            .1
            .contains("days@1.0.0")
    );
}

fn what_the_program_brings_is_recorded_once(server: &TestServer) {
    let admin = server.administrator();
    let brought = |who: &Client| who.post("/api/v1/admin/shipped-records", &json!({}));
    assert_eq!(brought(&server.person("ada")).problem(403), "forbidden");
    let first = brought(&admin).expect(200);
    assert_eq!(first, json!({"taxonomies": 2, "mappings": 1, "reference_populations": 64}));
    let second = brought(&admin).expect(200);
    assert_eq!(second, json!({"taxonomies": 0, "mappings": 0, "reference_populations": 0}));

    let anyone = server.anonymous();
    let found = anyone.get("/api/v1/reference-populations?country=JP").expect(200);
    let japan = &found["items"][0];
    assert!(japan["citation"].as_str().unwrap().contains("OECD"), "{japan}");
    assert_eq!(japan["minutes"].as_object().unwrap().len(), 8);
    assert_eq!(
        anyone.get("/api/v1/taxonomies/icatus@2016").expect(200)["terms"].as_array().unwrap().len(),
        230
    );
    let mapping = anyone.get("/api/v1/mappings").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
    let scenarios = anyone.get(&format!("/api/v1/mappings/{mapping}")).expect(200);
    assert_eq!(scenarios["terms"].as_array().unwrap().len(), 169);

    // More tables come in as CSV; a day has no more than 24 hours.
    let header = "source,country_iso2,survey_year,age,sex,icatus_major,minutes_per_day\n";
    let rows = |minutes: &str| {
        let of = |class: &str| format!("EDT,FR,2010,15+,T,{class},{minutes}\n");
        format!("{header}{}", ["1", "2-3", "4", "5", "6", "7", "8", "9"].map(of).concat())
    };
    let path = "reference-populations?citation=Enquete%20emploi%20du%20temps&licence=open";
    assert_eq!(told(&import(&admin, path, &rows("300")).expect(422))[0].0, "line 2");
    assert_eq!(import(&admin, path, &rows("100")).expect(200), json!({"new": 1}));
    assert_eq!(import(&admin, path, &rows("110")).expect(200), json!({"new": 0}));
}
