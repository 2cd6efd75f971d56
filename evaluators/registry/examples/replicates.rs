//! Evaluates one submission, draws its items again and again, and prints as JSON what each of the two takes, for all
//! metrics and for the first alone:
//! `replicates COUNT ID ANNOTATIONS SUBMISSION [strict|reference] [TABLE=PATH]... [--PARAM=VALUE]...`.

mod evaluation;

use std::process::ExitCode;
use std::time::Instant;

use sdk::Evidence;
use sdk::evidence::LANES;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    evaluation::finish(times(&arguments))
}

fn times(arguments: &[String]) -> Result<String, String> {
    let [count, rest @ ..] = arguments else { return Err("wants the number of replicates".to_owned()) };
    let count: usize = count.parse().map_err(|_| format!("{count:?} is no number of replicates"))?;
    let begun = Instant::now();
    let evidence = evaluation::evidence(rest)?;
    evidence.score_all();
    let evaluation = begun.elapsed();
    let first = evidence.metrics().first().and_then(|metric| evidence.only(&metric.name));
    let first = first.ok_or_else(|| "the evidence has no metric".to_owned())?;
    let bytes = evidence.to_bytes().map_err(|error| error.to_string())?.len();
    Ok(serde_json::json!({
        "evaluation_seconds": evaluation.as_secs_f64(),
        "replicates_seconds": replicates_seconds(&evidence, count),
        "first_metric_seconds": replicates_seconds(&first, count),
        "evidence_bytes": bytes,
    })
    .to_string())
}

fn replicates_seconds(evidence: &Evidence, count: usize) -> f64 {
    let begun = Instant::now();
    let (items, mut scorer, mut state) = (evidence.items(), evidence.scorer(), 1_u64);
    let mut weights = vec![[0.0; LANES]; items];
    for _ in 0..count.div_ceil(LANES) {
        weights.fill([0.0; LANES]);
        for draw in 0..items * LANES {
            // Knuth's generator of MMIX: a measurement wants draws that cost little.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            weights[(state >> 33) as usize % items][draw % LANES] += 1.0;
        }
        scorer.score_lanes(&weights, None);
    }
    begun.elapsed().as_secs_f64()
}
