//! Columns of nodes with bands between them: how much of what stands in one column goes on to which part of the next.

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture, series_class};
use crate::scale::brief;

const WIDTH: f64 = 720.0;
/// How high the fullest column is, without the room between its nodes.
const HEIGHT: f64 = 200.0;
/// The least height of a node: a line of text.
const LEAST: f64 = 16.0;
const GAP: f64 = 10.0;
const NODE: f64 = 12.0;

/// A node of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub name: String,
    /// How much stands in it.
    pub value: f64,
}

/// A column of nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What its nodes are.
    pub name: String,
    /// The nodes, from top to bottom.
    pub nodes: Vec<Node>,
}

/// How much goes from a node to one of the next column.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// The column that it comes from.
    pub stage: usize,
    /// The node there.
    pub from: usize,
    /// The node of the next column.
    pub to: usize,
    /// How much; nothing where that is not told.
    pub value: Option<f64>,
}

/// Columns of nodes with bands between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    /// What the figure says of itself.
    pub about: About,
    /// The columns, from left to right.
    pub stages: Vec<Stage>,
    /// The bands; one that leads nowhere is not drawn.
    pub flows: Vec<Flow>,
}

/// Where a node stands, and how much of its height bands have taken at either side.
struct Standing {
    at: (f64, f64),
    high: f64,
    taken: (f64, f64),
}

impl Flows {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let total = |stage: &Stage| stage.nodes.iter().map(|node| node.value.max(0.0)).sum::<f64>();
        let scales: Vec<f64> = self.stages.iter().map(|stage| HEIGHT / total(stage).max(1e-9)).collect();
        let wide = WIDTH / self.stages.len().max(1) as f64;
        let mut standings: Vec<Vec<Standing>> = Vec::new();
        let mut lowest = 24.0;
        for (column, stage) in self.stages.iter().enumerate() {
            let mut top = 24.0;
            let mut nodes = Vec::new();
            for node in &stage.nodes {
                let high = (node.value.max(0.0) * scales[column]).max(LEAST);
                nodes.push(Standing { at: (wide * column as f64, top), high, taken: (0.0, 0.0) });
                top += high + GAP;
            }
            lowest = f64::max(lowest, top);
            standings.push(nodes);
        }
        let mut picture = Picture::new(&self.about, WIDTH, lowest + 6.0);
        for flow in &self.flows {
            self.draw_flow(&mut picture, flow, &mut standings);
        }
        for (column, (stage, nodes)) in self.stages.iter().zip(&standings).enumerate() {
            let name = cut(&stage.name, wide - 8.0);
            picture.text((wide * column as f64, 12.0), Held::Start, "soft small", &name);
            for (node, standing) in stage.nodes.iter().zip(nodes) {
                let said = format!("{}: {}", node.name, brief(node.value));
                let class = format!("{} fill", series_class(column));
                picture.rect(standing.at, (NODE, standing.high), &class, &said);
                let at = (standing.at.0 + NODE + 5.0, standing.at.1 + standing.high / 2.0 + 4.5);
                picture.text(at, Held::Start, "halo small", &cut(&node.name, (wide - NODE - 12.0) * 1.1));
            }
        }
        picture
    }

    fn draw_flow(&self, picture: &mut Picture, flow: &Flow, standings: &mut [Vec<Standing>]) {
        let name = |stage: usize, node: usize| {
            self.stages
                .get(stage)
                .and_then(|stage| stage.nodes.get(node))
                .map(|node| (&node.name, node.value))
        };
        let (Some((from, whole)), Some((to, next))) =
            (name(flow.stage, flow.from), name(flow.stage + 1, flow.to))
        else {
            return;
        };
        let ends = [(flow.stage, flow.from, whole, true), (flow.stage + 1, flow.to, next, false)].map(
            |(stage, node, value, is_begin)| {
                let standing = &mut standings[stage][node];
                let high = flow.value.unwrap_or(0.0) / value.max(1e-9) * standing.high;
                let taken = if is_begin { &mut standing.taken.1 } else { &mut standing.taken.0 };
                let top = standing.at.1 + *taken;
                *taken += high;
                (standing.at.0 + if is_begin { NODE } else { 0.0 }, top, high)
            },
        );
        match flow.value {
            Some(value) => {
                let said = format!("{from} to {to}: {}", brief(value));
                picture.ribbon(ends, &format!("{} band", series_class(flow.stage)), &said);
                let (middle, text) = ((ends[0].0 + ends[1].0) / 2.0, brief(value));
                if ends[0].2.min(ends[1].2) > 14.0 && width_of(&text) < ends[1].0 - ends[0].0 {
                    let height = (ends[0].1 + ends[1].1 + (ends[0].2 + ends[1].2) / 2.0) / 2.0 + 4.5;
                    picture.text((middle, height), Held::Middle, "small halo", &text);
                }
            }
            // How much is not told: a dotted line says only that something may go on.
            None => {
                let middle = |end: (f64, f64, f64)| (end.0, end.1 + LEAST / 2.0);
                picture.path(&[middle(ends[0]), middle(ends[1])], "axis", "1 4");
                let at = ((ends[0].0 + ends[1].0) / 2.0, (ends[0].1 + ends[1].1) / 2.0 + LEAST);
                picture.text(at, Held::Middle, "soft small halo", "withheld");
            }
        }
    }
}
