//! How the demo's tasks frame what they count; made up like everything else in it.

use std::collections::BTreeSet;

use domain::framing::{DecisionDraft, FramingDraft, Party, Told};

use super::programme::Edition;

impl Edition {
    /// How its phase frames what it counts, and who decided that.
    pub(super) fn framing(&self) -> FramingDraft {
        let (unit, rule, direction, goal) = match self.evaluator {
            "ego4d_nlq" => (
                "segment",
                "A window of a clip, in seconds, that answers one question.",
                "past",
                "Answer a question about one's own day by the moment that shows it.",
            ),
            "ego4d_mq" => (
                "segment",
                "Every time that a deed of the list is done, from its start to its end.",
                "present",
                "Find every time that something named is done at home.",
            ),
            _ => ("clip", "A clip of four seconds with one label.", "present", "Say what the hands do."),
        };
        let code = str::to_owned;
        let party = |role, involvement| Party { role: code(role), involvement: code(involvement) };
        FramingDraft {
            unit: code(unit),
            instance_rule: code(rule),
            label_source: code(if self.evaluator == "ego4d_nlq" { "template" } else { "closed_list" }),
            label_count: (self.evaluator != "ego4d_nlq").then_some(24),
            perspective: code("third_party_annotator"),
            intent_recorded: Told::No,
            affect_recorded: Told::No,
            speech_recorded: Told::No,
            temporal_direction: code(direction),
            closed_world: Told::Yes,
            negative_rule: code("unlabelled_is_negative"),
            ambiguity_policy: code("organizer_choice"),
            imagined_user: code("Somebody who cannot remember, or would rather not have to."),
            imagined_application: code("memory_aid"),
            stated_goal: code(goal),
            goal_source: String::new(),
            unscoreable: BTreeSet::from([code("too_short"), code("no_label_in_list")]),
            decision: DecisionDraft {
                decider_role: code("organizer"),
                authority_basis: code("ownership"),
                rationale_code: code("comparability"),
                rationale: code("The same as in the edition before, so that results can be compared."),
                alternatives: vec![code("Ask those who wore the camera what they were doing.")],
                parties: BTreeSet::from([
                    party("annotator", "affected_not_informed"),
                    party("camera_wearer", "affected_not_informed"),
                ]),
                decided_at: None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::framing::NOT_DISCLOSED;

    use super::super::programme::programme;

    #[test]
    fn every_framing_says_something_and_can_be_kept() {
        for edition in programme(1) {
            let framing = edition.framing();
            assert_eq!(framing.check(), Ok(()), "{}", edition.slug);
            assert_ne!(framing.unit, NOT_DISCLOSED, "{}", edition.slug);
        }
    }
}
