//! Good tokens pass, and every forgery that is known for JSON web tokens does not.

use serde_json::{Map, Value, json};

use super::*;
use crate::identity::test_sources::at;

const ISSUER: &str = "https://heldout.example";

fn moment() -> Timestamp {
    Timestamp::parse("2026-05-31T12:00:00Z").unwrap()
}

fn master() -> MasterKey {
    MasterKey::new(*b"0123456789abcdef0123456789abcdef")
}

fn tokens(generation: u32) -> AccessTokens {
    AccessTokens::new(&master(), generation, ISSUER, 900).unwrap()
}

fn issue(tokens: &AccessTokens) -> String {
    let id = UserId(Uuid::from_u128(7));
    tokens.issue(&at(moment()), id, SessionId(Uuid::from_u128(8)), 3).unwrap().text
}

fn code(tokens: &AccessTokens, token: &str) -> Code {
    tokens.verify(moment(), token).expect_err(token).code
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap())
}

fn read_part(token: &str, index: usize) -> Map<String, Value> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Signs with our own present key whatever it is given: what an attacker could do at the very best.
fn sign(header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let signature = key_pair(&master(), 2).unwrap().sign(message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[test]
fn a_token_says_whose_it_is() {
    let claims = tokens(2).verify(moment(), &issue(&tokens(2))).unwrap();
    assert_eq!(claims.sub, UserId(Uuid::from_u128(7)));
    assert_eq!(claims.sid, SessionId(Uuid::from_u128(8)));
    assert_eq!((claims.epoch, claims.exp - claims.iat), (3, 900));
}

#[test]
fn a_token_lives_for_its_time() {
    let token = issue(&tokens(2));
    let verify =
        |seconds| tokens(2).verify(moment().plus_seconds(seconds), &token).map_err(|failure| failure.code);
    assert!(verify(899).is_ok());
    assert_eq!(verify(900 + LEEWAY_SECONDS), Err(Code::TokenExpired));
    assert!(verify(-LEEWAY_SECONDS).is_ok());
    assert_eq!(verify(-LEEWAY_SECONDS - 1), Err(Code::TokenInvalid));
}

#[test]
fn the_last_generation_is_still_accepted_and_the_one_before_it_is_not() {
    let token = issue(&tokens(2));
    assert!(tokens(3).verify(moment(), &token).is_ok());
    assert_eq!(code(&tokens(4), &token), Code::TokenInvalid);
    assert_eq!(code(&tokens(1), &token), Code::TokenInvalid);
}

#[test]
fn the_key_set_holds_the_public_halves() {
    let set = serde_json::json!({ "keys": tokens(2).public_keys() });
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    let header = read_part(&issue(&tokens(2)), 0);
    assert_eq!(header["kid"], keys[0]["kid"]);
    assert!(keys.iter().all(|key| key.get("d").is_none()), "a private key in public");
}

#[test]
fn the_header_must_be_ours_to_the_letter() {
    let good = issue(&tokens(2));
    let claims = Value::Object(read_part(&good, 1));
    let header = read_part(&good, 0);
    assert!(tokens(2).verify(moment(), &sign(&Value::Object(header.clone()), &claims)).is_ok());

    for (field, value) in [
        ("alg", json!("none")),
        ("alg", json!("None")),
        ("alg", json!("nOnE")),
        ("alg", json!("HS256")),
        ("alg", json!("ES256")),
        ("alg", json!("RS256")),
        ("alg", Value::Null),
        ("typ", json!("JWT")),
        ("typ", Value::Null),
        ("kid", Value::Null),
        ("kid", json!("../../etc/passwd")),
        ("kid", json!("' or 1=1 --")),
        (
            "jwk",
            json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }),
        ),
        ("jku", json!("https://evil.example/keys")),
        ("x5u", json!("https://evil.example/chain")),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
    ] {
        let mut forged = header.clone();
        forged.insert(field.into(), value.clone());
        let token = sign(&Value::Object(forged), &claims);
        assert_eq!(code(&tokens(2), &token), Code::TokenInvalid, "{field} = {value}");
    }
}

#[test]
fn every_claim_is_needed_and_has_its_form() {
    let good = issue(&tokens(2));
    let header = Value::Object(read_part(&good, 0));
    let claims = read_part(&good, 1);
    let refuse = |claims: Map<String, Value>, why: &str| {
        assert_eq!(code(&tokens(2), &sign(&header, &Value::Object(claims))), Code::TokenInvalid, "{why}");
    };
    for name in claims.keys() {
        let mut without = claims.clone();
        without.remove(name);
        refuse(without, &format!("without {name}"));
        for value in [Value::Null, json!([]), json!({})] {
            let mut odd = claims.clone();
            odd.insert(name.clone(), value);
            refuse(odd, &format!("odd {name}"));
        }
    }
    for (name, value) in [
        ("exp", json!("99999999999")),
        ("exp", json!(1e300)),
        ("nbf", json!("0")),
        ("nbf", json!(claims["nbf"].as_i64().unwrap() + 3600)),
        ("iat", json!(claims["iat"].as_i64().unwrap() + 3600)),
        ("iss", json!("https://evil.example")),
        ("iss", json!([ISSUER, "https://evil.example"])),
        ("aud", json!("https://evil.example/api")),
        ("aud", json!([format!("{ISSUER}/api"), "other"])),
        ("sub", json!("root")),
        ("admin", json!(true)),
    ] {
        let mut odd = claims.clone();
        odd.insert(name.into(), value.clone());
        refuse(odd, &format!("{name} = {value}"));
    }
}

#[test]
fn a_signature_must_be_ours_over_these_bytes() {
    let good = issue(&tokens(2));
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, claims) = message.split_once('.').unwrap();
    let mut other_claims = read_part(&good, 1);
    other_claims.insert("sub".into(), json!(Uuid::from_u128(1)));
    let stranger = AccessTokens::new(&MasterKey::new([9; 32]), 2, ISSUER, 900).unwrap();

    // The public key as the secret of an HMAC: the classic confusion of algorithms.
    let public = key_pair(&master(), 2).unwrap().public_key().as_ref().to_vec();
    let mut confused_header = Header::new(Algorithm::HS256);
    confused_header.kid = Some(tokens(2).accepted[0].id.clone());
    confused_header.typ = Some(TOKEN_TYPE.into());
    let confused =
        jsonwebtoken::encode(&confused_header, &other_claims, &EncodingKey::from_secret(&public)).unwrap();

    for token in [
        format!("{header}.{claims}."),
        format!("{header}.{claims}"),
        format!("{header}.{}.{signature}", part(&Value::Object(other_claims))),
        format!("{message}.{}", &signature[..signature.len() - 2]),
        format!("{message}.{signature}="),
        format!("{message}.{signature}.{signature}"),
        format!("{message}.{}", "A".repeat(86)),
        confused,
        issue(&stranger),
        String::new(),
        "..".into(),
        "hoa_AAAA".into(),
        good.to_uppercase(),
        format!("{good} "),
        "a".repeat(100_000),
    ] {
        assert_eq!(code(&tokens(2), &token), Code::TokenInvalid, "{token:.80}");
    }
}
