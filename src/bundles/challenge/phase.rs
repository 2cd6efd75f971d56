//! Reading one `[[phase]]`.

use std::path::Path;

use domain::phase::{
    AttributeKind, AttributeSpec, EvaluationLimits, EvaluationMode, FinalChoice, PhaseDraft,
};
use domain::quota::Quota;
use domain::ranking_rule::RankingRule;
use domain::split::{HashSide, SplitRule, SplitSpec, Visibility};
use domain::{Codename, Digest, Invalid, Timestamp, Title, time};
use serde_json::Map;
use toml::Value;

use super::{AnnotationsFile, DIGEST_PREFIX, PhaseEntry, text_or_file};
use crate::section::Section;

pub(super) fn read(mut phase: Section<'_, '_>, folder: &Path) -> Option<PhaseEntry> {
    let codename = phase.required("codename", Codename::parse);
    let title = phase.required("title", Title::parse);
    let description = text_or_file(&mut phase, "description", "description_file", folder);
    let evaluator = phase.required("evaluator", |text| Ok(text.to_owned()));
    let params = read_params(&mut phase);
    let mode = phase.parsed("mode", EvaluationMode::parse).unwrap_or_default();
    phase.need("opens_at");
    let opens_at = read_moment(&mut phase, "opens_at", parse_opening);
    let closes_at = read_moment(&mut phase, "closes_at", time::parse_deadline);
    let quota = read_quota(&mut phase);
    let limits = read_limits(&mut phase);
    let ranking = read_ranking(&mut phase);
    let final_choice = phase.parsed("final_choice", FinalChoice::parse).unwrap_or_default();
    let attributes: Option<Vec<_>> = phase.sections("attribute").into_iter().map(read_attribute).collect();
    let splits: Option<Vec<_>> = phase.sections("split").into_iter().map(read_split).collect();
    let leaderboard_public = phase.flag("leaderboard_public").unwrap_or(true);
    let annotations = read_annotations(&mut phase, folder);
    let framing = phase.deserialized("framing");

    let draft = (|| {
        let mut splits = splits?;
        if splits.is_empty() {
            splits.push(everything()?);
        }
        let draft = PhaseDraft {
            codename: codename?,
            title: title?,
            description,
            evaluator: evaluator?,
            params,
            mode,
            opens_at: opens_at?,
            closes_at,
            quota,
            limits,
            ranking,
            final_choice,
            attributes: attributes?,
            splits,
            leaderboard_public,
            framing,
        };
        draft.check().map_err(|invalid| phase.refuse(&in_file_terms(invalid))).ok()
    })();
    phase.finish();
    Some(PhaseEntry { draft: draft?, annotations })
}

/// What a phase without `[[phase.split]]` scores.
fn everything() -> Option<SplitSpec> {
    let codename = Codename::parse("all").ok()?;
    Some(SplitSpec { codename, visibility: Visibility::Public, rule: SplitRule::All })
}

/// The file says `split` and `attribute` where a draft has lists of them.
fn in_file_terms(mut invalid: Invalid) -> Invalid {
    invalid.field = invalid.field.replacen("splits", "split", 1).replacen("attributes", "attribute", 1);
    invalid
}

/// A bare day opens when it has begun everywhere on earth.
fn parse_opening(text: &str) -> Result<Timestamp, Invalid> {
    let day_before = |text: &str| text.parse::<jiff::civil::Date>().ok()?.yesterday().ok();
    match day_before(text).filter(|_| text.len() == "2026-05-31".len()) {
        Some(day) => Ok(Timestamp::end_of_day_anywhere_on_earth(day)),
        None => time::parse_deadline(text),
    }
}

fn read_moment(
    phase: &mut Section<'_, '_>,
    key: &'static str,
    parse: fn(&str) -> Result<Timestamp, Invalid>,
) -> Option<Timestamp> {
    let text = phase.moment(key)?;
    parse(&text).map_err(|invalid| phase.fault(key, invalid.rule)).ok()
}

fn read_params(phase: &mut Section<'_, '_>) -> Map<String, serde_json::Value> {
    let Some(section) = phase.section("params") else { return Map::new() };
    let mut params = Map::new();
    for (name, value) in section.entries() {
        match to_json(value) {
            Some(value) => _ = params.insert(name.clone(), value),
            None => section.fault(name, "must be a number, a text, true, false, or a list or table of these"),
        }
    }
    params
}

fn to_json(value: &Value) -> Option<serde_json::Value> {
    match value {
        Value::String(text) => Some(text.as_str().into()),
        Value::Integer(number) => Some((*number).into()),
        Value::Float(number) => serde_json::Number::from_f64(*number).map(Into::into),
        Value::Boolean(flag) => Some((*flag).into()),
        Value::Datetime(_) => None,
        Value::Array(values) => values.iter().map(to_json).collect::<Option<Vec<_>>>().map(Into::into),
        Value::Table(table) => {
            let entries = table.iter().map(|(name, value)| Some((name.clone(), to_json(value)?)));
            entries.collect::<Option<Map<_, _>>>().map(Into::into)
        }
    }
}

fn read_quota(phase: &mut Section<'_, '_>) -> Quota {
    let Some(mut section) = phase.section("quota") else { return Quota::default() };
    let quota = Quota {
        per_day: section.count("per_day"),
        per_week: section.count("per_week"),
        per_month: section.count("per_month"),
        total: section.count("total"),
        concurrent: section.count("concurrent"),
    };
    section.finish();
    quota
}

fn read_limits(phase: &mut Section<'_, '_>) -> EvaluationLimits {
    let usual = EvaluationLimits::default();
    let Some(mut section) = phase.section("limits") else { return usual };
    let limits = EvaluationLimits {
        upload_bytes: section.count("upload_bytes").unwrap_or(usual.upload_bytes),
        seconds: section.count("seconds").unwrap_or(usual.seconds),
        memory_mib: section.count("memory_mib").unwrap_or(usual.memory_mib),
    };
    section.finish();
    limits
}

fn read_ranking(phase: &mut Section<'_, '_>) -> RankingRule {
    phase.deserialized("ranking").unwrap_or_default()
}

fn read_attribute(mut section: Section<'_, '_>) -> Option<AttributeSpec> {
    let name = section.required("name", |text| Ok(text.to_owned()));
    let label = section.text("label").unwrap_or_default().to_owned();
    let required = section.flag("required").unwrap_or(false);
    let choices = section.texts("choices");
    let kind = section.required("type", |kind| match (kind, choices.clone()) {
        ("choice", Some(choices)) => Ok(AttributeKind::Choice { choices }),
        ("choice", None) => Err(Invalid::new("type", "needs `choices` beside it")),
        (_, Some(_)) => Err(Invalid::new("type", "must be choice, because there are `choices`")),
        ("text", None) => Ok(AttributeKind::Text),
        ("integer", None) => Ok(AttributeKind::Integer),
        ("number", None) => Ok(AttributeKind::Number),
        ("boolean", None) => Ok(AttributeKind::Boolean),
        _ => Err(Invalid::new("type", "must be text, integer, number, boolean or choice")),
    });
    section.finish();
    Some(AttributeSpec { name: name?, label, kind: kind?, required })
}

fn read_split(mut section: Section<'_, '_>) -> Option<SplitSpec> {
    let codename = section.required("codename", Codename::parse);
    let visibility = section.required("visibility", Visibility::parse);
    section.need("rule");
    let rule = section.section("rule").and_then(read_rule);
    section.finish();
    Some(SplitSpec { codename: codename?, visibility: visibility?, rule: rule? })
}

fn read_rule(mut section: Section<'_, '_>) -> Option<SplitRule> {
    let by = section.required("by", |by| match by {
        "all" | "attribute" | "hash" => Ok(by.to_owned()),
        _ => Err(Invalid::new("by", "must be all, attribute or hash")),
    });
    let rule = match by.as_deref()? {
        "attribute" => {
            section.need("attribute");
            section.need("values");
            let attribute = section.text("attribute").map(str::to_owned);
            attribute
                .zip(section.texts("values"))
                .map(|(attribute, values)| SplitRule::Attribute { attribute, values })
        }
        "hash" => {
            section.need("percent");
            let percent = section.count("percent");
            let side = section.required("side", |side| match side {
                "inside" => Ok(HashSide::Inside),
                "outside" => Ok(HashSide::Outside),
                _ => Err(Invalid::new("side", "must be inside or outside")),
            });
            percent.zip(side).map(|(percent, side)| SplitRule::Hash { percent, side })
        }
        _ => Some(SplitRule::All),
    };
    section.finish();
    rule
}

fn read_annotations(phase: &mut Section<'_, '_>, folder: &Path) -> Vec<AnnotationsFile> {
    let Some(section) = phase.section("annotations") else { return Vec::new() };
    if !section.entries().contains_key("main") {
        section.fault("", "must name the table `main`");
    }
    let mut tables = Vec::new();
    for (name, value) in section.entries() {
        match value.as_str().map(|text| (text, text.strip_prefix(DIGEST_PREFIX))) {
            None => section.fault(name, "must be the name of a file"),
            Some((_, Some(digest))) => match Digest::parse(digest) {
                Ok(digest) => tables.push(annotations_file(name, "", Some(digest))),
                Err(invalid) => section.fault(name, format!("the digest {}", invalid.rule)),
            },
            Some((file, None)) if folder.join(file).is_file() => {
                tables.push(annotations_file(name, file, None));
            }
            Some((file, None)) => {
                section.fault(name, format!("there is no file {}", folder.join(file).display()));
            }
        }
    }
    tables.sort_by_key(|table| (table.table != "main", table.table.clone()));
    tables
}

fn annotations_file(table: &str, file: &str, digest: Option<Digest>) -> AnnotationsFile {
    AnnotationsFile { table: table.to_owned(), file: file.to_owned(), digest, size_bytes: None }
}
