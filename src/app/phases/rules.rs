//! What a phase may ask of its evaluator.

use domain::metric::MetricSpec;
use domain::phase::PhaseDraft;
use domain::ranking_rule::RankingRule;
use registry::{Registry, programs};
use sdk::{Evaluator, Metric, Params, Schema};
use serde_json::{Map, Value};

use crate::failure::{Code, Failure, FieldError, Outcome};

/// The evaluator of that name.
pub(crate) fn evaluator<'r>(evaluators: &'r Registry, id: &str) -> Outcome<&'r dyn Evaluator> {
    evaluators.get(id).ok_or_else(|| {
        let known: Vec<&str> = evaluators.iter().map(|known| known.manifest().id.as_str()).collect();
        Failure::new(Code::EvaluatorUnknown, format!("there is no evaluator {id:?}"))
            .with_errors(vec![FieldError::new("evaluator", format!("must be one of {}", known.join(", ")))])
    })
}

/// The parameters under the evaluator's schema, or every one that it refuses.
pub(crate) fn params(schema: &Schema, values: &Map<String, Value>) -> Outcome<Params> {
    let mut errors = Vec::new();
    for (name, value) in values {
        let alone = Value::Object(Map::from_iter([(name.clone(), value.clone())]));
        if let Err(refusal) = Params::parse(schema, &alone) {
            errors.push(FieldError::new(format!("params.{name}"), format!("is {}", refusal.problem)));
        }
    }
    if !errors.is_empty() {
        let detail = format!("the evaluator refuses {} of its parameters", errors.len());
        return Err(Failure::new(Code::ParamsInvalid, detail).with_errors(errors));
    }
    Params::parse(schema, &Value::Object(values.clone()))
        .map_err(|refusal| Failure::new(Code::ParamsInvalid, refusal.to_string()))
}

/// Checks the evaluator, its parameters, and the metrics that rank, as far as they are known without annotations.
pub(crate) fn check(evaluators: &Registry, draft: &PhaseDraft) -> Outcome<()> {
    let manifest = evaluator(evaluators, &draft.evaluator)?.manifest();
    params(&manifest.params, &draft.params)?;
    // Parameters and score sheets can make other metrics; which ones, only the prepared evaluator knows.
    if draft.params.is_empty() && !programs::has_sheet(&draft.evaluator) {
        let errors = unknown_metrics(&draft.ranking, &metric_specs(&manifest.metrics));
        if !errors.is_empty() {
            return Err(Failure::invalid_fields(errors));
        }
    }
    Ok(())
}

/// The names in a ranking rule that are no metrics.
pub(crate) fn unknown_metrics(ranking: &RankingRule, metrics: &[MetricSpec]) -> Vec<FieldError> {
    let primary = ranking.primary.iter().map(|name| ("ranking.primary".to_owned(), name));
    let place = |(index, name)| (format!("ranking.tie_breakers[{index}]"), name);
    let tie_breakers = ranking.tie_breakers.iter().enumerate().map(place);
    let entering = ranking.metrics.iter().enumerate();
    let entering = entering.map(|(index, name)| (format!("ranking.metrics[{index}]"), name));
    let scaled = ranking.scales.iter().enumerate();
    let scaled = scaled.map(|(index, scale)| (format!("ranking.scales[{index}].metric"), &scale.metric));
    let known: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
    primary
        .chain(tie_breakers)
        .chain(entering)
        .chain(scaled)
        .filter(|(_, name)| !known.contains(&name.as_str()))
        .map(|(field, _)| FieldError::new(field, format!("must be one of {}", known.join(", "))))
        .collect()
}

/// Metrics as leaderboards need to know them.
pub(crate) fn metric_specs(metrics: &[Metric]) -> Vec<MetricSpec> {
    let unit = |unit: &str| match unit {
        "percent" => "%".to_owned(),
        "seconds" => "s".to_owned(),
        "fraction" => String::new(),
        other => other.to_owned(),
    };
    metrics
        .iter()
        .map(|metric| MetricSpec {
            name: metric.name.clone(),
            label: metric.label.clone(),
            unit: unit(&metric.unit),
            higher_is_better: metric.direction == sdk::Direction::Higher,
            decimals: metric.decimals,
        })
        .collect()
}
