//! What changed in a guideline, beside what became of scores that nobody sent anew.

use charts::{Mark, Range, Ranges};

use super::Table;
use super::drawn::{Drawn, Plan, Provenance};

/// The short name of the figure in addresses.
pub const KEY: &str = "guideline-and-score";

/// The most entries in the picture; the table has all.
const MOST_ENTRIES: usize = 20;

/// A clause that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedClause {
    /// Its code.
    pub code: String,
    /// What it said; none where it was added.
    pub before: Option<String>,
    /// What it says; none where it was taken out.
    pub after: Option<String>,
}

/// A submission that was scored on both versions of the annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescored {
    /// Whose it is.
    pub entry: String,
    /// Its score on the earlier version.
    pub before: f64,
    /// Its score on the later one.
    pub after: f64,
}

/// Scores on two versions of the annotations, and the guidelines that these were made by.
#[derive(Debug, Clone, PartialEq)]
pub struct GuidelineAndScore {
    /// The metric, for people to read.
    pub metric: String,
    /// How many digits of it are shown.
    pub decimals: u8,
    /// The versions of the annotations, the earlier one first.
    pub versions: [i32; 2],
    /// What is on record of the guidelines: none where one of the versions has none.
    pub clauses: Option<Vec<ChangedClause>>,
    /// The submissions, in the order of the later board.
    pub rescored: Vec<Rescored>,
}

impl GuidelineAndScore {
    /// Draws figure 15.
    pub fn draw(&self, provenance: &Provenance) -> Drawn {
        let digits = usize::from(self.decimals);
        let number = |value: f64| format!("{value:.digits$}");
        let range = |one: &Rescored| Range {
            name: one.entry.clone(),
            marks: vec![Mark { series: 0, value: one.before }, Mark { series: 1, value: one.after }],
            bounds: None,
            note: format!("{:+.digits$}", one.after - one.before),
        };
        let mut notes = vec![self.told_of_clauses()];
        if self.rescored.len() > MOST_ENTRIES {
            notes.push(format!(
                "The first {MOST_ENTRIES} of {} entries are drawn; the table has all.",
                self.rescored.len()
            ));
        }
        notes.push(format!(
            "{} entries whose submission is the same on both versions. Annotations may differ in more than their guideline.",
            self.rescored.len()
        ));
        let clause = |clause: &ChangedClause| {
            let text = |body: &Option<String>| body.clone().unwrap_or_default();
            [
                "clause".to_owned(),
                clause.code.clone(),
                text(&clause.before),
                text(&clause.after),
                String::new(),
            ]
        };
        let score = |one: &Rescored| {
            let change = format!("{:+.digits$}", one.after - one.before);
            ["score".to_owned(), one.entry.clone(), number(one.before), number(one.after), change]
        };
        let clauses = self.clauses.iter().flatten().map(clause);
        let rows = clauses.chain(self.rescored.iter().map(score)).map(Vec::from).collect();
        let columns = ["part", "of", "before", "after", "change"].map(str::to_owned).to_vec();
        let [earlier, later] = self.versions;
        Plan {
            key: KEY,
            number: 15,
            title: "Guideline and score",
            description: format!(
                "{} of submissions that nobody sent anew, on version {earlier} and version {later} of the annotations, \
                 beside the clauses of the guideline that changed between them.",
                self.metric
            ),
            notes,
            table: Table { columns, rows, withheld: None },
        }
        .drawn(provenance, |about| {
            let series = self.versions.map(|version| format!("annotations {version}")).to_vec();
            let ranges: Vec<Range> = self.rescored.iter().take(MOST_ENTRIES).map(range).collect();
            let ranges = Ranges { about, measured: self.metric.clone(), series, ranges };
            (!ranges.ranges.is_empty()).then(|| ranges.draw())
        })
    }

    fn told_of_clauses(&self) -> String {
        match &self.clauses {
            None => "No guideline is on record for one of the versions.".to_owned(),
            Some(changed) if changed.is_empty() => "Both versions follow the same guideline.".to_owned(),
            Some(changed) => {
                let codes: Vec<&str> = changed.iter().map(|clause| clause.code.as_str()).collect();
                format!("Clauses that changed: {}.", codes.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(clauses: Option<Vec<ChangedClause>>, rescored: Vec<Rescored>) -> Drawn {
        let figure = GuidelineAndScore {
            metric: "Accuracy".to_owned(),
            decimals: 2,
            versions: [1, 2],
            clauses,
            rescored,
        };
        figure.draw(&Provenance { snapshot: "s".to_owned(), as_of: String::new() })
    }

    fn rescored(entry: &str, before: f64, after: f64) -> Rescored {
        Rescored { entry: entry.to_owned(), before, after }
    }

    #[test]
    fn clauses_stand_beside_the_scores() {
        let clause = ChangedClause {
            code: "start".to_owned(),
            before: Some("At the first touch, \"always\".".to_owned()),
            after: None,
        };
        let drawn = figure(Some(vec![clause]), vec![rescored("Looms", 0.5, 0.25)]);
        assert!(drawn.picture.is_some());
        assert_eq!(drawn.notes[0], "Clauses that changed: start.");
        assert_eq!(
            drawn.table.csv(),
            "part,of,before,after,change\r\nclause,start,\"At the first touch, \"\"always\"\".\",,\r\n\
             score,Looms,0.50,0.25,-0.25\r\n"
        );
    }

    #[test]
    fn nothing_is_said_of_a_guideline_that_is_not_on_record() {
        assert!(figure(None, Vec::new()).picture.is_none());
        let same = figure(Some(Vec::new()), vec![rescored("Looms", 0.5, 0.5)]);
        assert_eq!(same.notes[0], "Both versions follow the same guideline.");
    }

    #[test]
    fn a_long_board_is_drawn_in_part_and_tabled_whole() {
        let many = (0..30).map(|n| rescored(&format!("Team {n}"), 0.1, 0.2)).collect();
        let drawn = figure(None, many);
        assert_eq!(drawn.table.rows.len(), 30);
        assert!(drawn.notes.iter().any(|note| note.contains("first 20 of 30")));
    }
}
