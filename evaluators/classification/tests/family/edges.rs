//! Degenerate inputs, worked out by hand.

use conformance::task::{evaluate, values, weighted};
use sdk::{Mode, Undefined};

use crate::support::{prepare, scores};

#[test]
fn kappa_of_a_single_class_is_undefined() {
    let single = "id,label\n1,a\n2,a\n";
    let values = scores("classification_label", &[], single, single);
    assert_eq!((values["accuracy"], values["mcc"], values["cohen_kappa"]), (Some(1.0), Some(0.0), None));
}

#[test]
fn a_predicted_class_without_truth_counts_in_macro_averages_only() {
    let values =
        scores("classification_label", &[], "id,label\n1,a\n2,a\n3,b\n", "id,label\n1,a\n2,c\n3,b\n");
    assert_eq!(values["balanced_accuracy"], Some(0.75));
    assert_eq!(values["f1_macro"], Some((2.0 / 3.0 + 1.0) / 3.0));
}

#[test]
fn places_of_classes_follow_the_list_or_else_the_names_that_occur() {
    let (truth, submission) = ("id,label\n1,a\n2,c\n3,a\n", "id,label\n1,a\n2,c\n3,c\n");
    let unlisted = scores("classification_label", &[], truth, submission);
    let listed = scores("classification_label", &[("classes", "a,b,c")], truth, submission);
    // With one step between the classes both costs are the same, and so with two.
    assert_eq!(unlisted["cohen_kappa_linear"], unlisted["cohen_kappa"]);
    assert_eq!(listed["cohen_kappa_linear"], unlisted["cohen_kappa_linear"]);

    let (truth, submission) = ("id,label\n1,a\n2,c\n3,d\n", "id,label\n1,c\n2,c\n3,d\n");
    let unlisted = scores("classification_label", &[], truth, submission);
    let listed = scores("classification_label", &[("classes", "a,b,c,d")], truth, submission);
    assert_eq!(unlisted["cohen_kappa_linear"], Some(1.0 - 1.0 / (7.0 / 3.0)));
    assert_eq!(listed["cohen_kappa_linear"], Some(1.0 - 2.0 / (10.0 / 3.0)));
}

#[test]
fn scores_that_are_no_probabilities_have_areas_but_no_losses() {
    let truth = "id,label\n1,0\n2,1\n3,1\n4,0\n";
    let prepared = prepare("classification_binary", truth, &[], Mode::Strict).unwrap();
    let evidence = evaluate(prepared.as_ref(), "id,score\n1,-3\n2,2\n3,1\n4,0.25\n").unwrap();
    let values = values(&evidence);
    assert_eq!((values["roc_auc"], values["log_loss"], values["brier"]), (Some(1.0), None, None));
    // Where such scores have no weight the losses are defined.
    assert_eq!(weighted(&evidence, &[0.0, 0.0, 1.0, 1.0])["brier"], Some(0.0625 / 2.0));
}

#[test]
fn areas_of_one_label_are_undefined_with_the_reason() {
    let prepared = prepare("classification_binary", "id,label\n1,1\n2,1\n", &[], Mode::Strict).unwrap();
    let evidence = evaluate(prepared.as_ref(), "id,score\n1,0.25\n2,0.75\n").unwrap();
    let reasons = evidence.score_all();
    assert_eq!(reasons.get("roc_auc"), Some(sdk::Score::Undefined(Undefined::OneClass)));
    assert_eq!(reasons.get("average_precision"), Some(sdk::Score::Value(1.0)));
    let values = scores("classification_binary", &[], "id,label\n1,0\n", "id,score\n1,0.25\n");
    assert_eq!(
        (values["average_precision"], values["roc_auc"], values["eer_nearest"]),
        (Some(0.0), None, None)
    );
}

#[test]
fn constant_scores_win_nothing() {
    let truth = "id,label\n1,1\n2,0\n3,0\n4,1\n";
    let values = scores("classification_binary", &[], truth, "id,score\n1,0\n2,-0.0\n3,0\n4,0\n");
    assert_eq!((values["roc_auc"], values["average_precision"]), (Some(0.5), Some(0.5)));
}

#[test]
fn of_tied_classes_the_last_ranks_first_and_the_first_is_the_argmax() {
    let (truth, submission) = ("id,label\n1,a\n2,c\n", "id,a,b,c\n1,0.25,0.5,0.25\n2,0.4,0.2,0.4\n");
    let params = [("classes", "a,b,c"), ("top_k", "1,2")];
    let values = scores("classification_probability", &params, truth, submission);
    assert_eq!((values["top_1_accuracy"], values["top_2_accuracy"]), (Some(0.5), Some(0.5)));
    assert_eq!(values["accuracy_argmax_first"], Some(0.0));
}

#[test]
fn a_certain_error_costs_the_clip() {
    let values = scores(
        "classification_probability",
        &[("clip", "0.001")],
        "id,label\n1,a\n2,b\n",
        "id,a,b\n1,0,1\n2,0,1\n",
    );
    assert_eq!(values["log_loss"], Some((-0.001_f64.ln() - 0.999_f64.ln()) / 2.0));
}

#[test]
fn an_item_without_label_is_ranked_right() {
    let values =
        scores("classification_multilabel", &[], "id,labels\n1,\n2,a|b\n", "id,a,b\n1,0.9,0.1\n2,0.2,0.8\n");
    assert_eq!(
        (values["lrap"], values["label_ranking_loss"], values["coverage_error"]),
        (Some(1.0), Some(0.0), Some(1.0))
    );
    assert_eq!((values["f1_samples_at_0.5"], values["subset_accuracy_at_0.5"]), (Some(1.0 / 3.0), Some(0.0)));
}

#[test]
fn parameters_rename_what_they_change() {
    let params = [("threshold", "0.25"), ("positive", "yes"), ("negative", "no"), ("max_fpr", "0.5")];
    let values =
        scores("classification_binary", &params, "id,label\n1,yes\n2,no\n", "id,score\n1,0.25\n2,0.125\n");
    assert_eq!(values["accuracy_at_0.25"], Some(1.0));
    assert!(values.contains_key("roc_auc_max_fpr_0.5"));
}
