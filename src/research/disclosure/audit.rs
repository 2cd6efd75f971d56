//! The audit: what a reader can work out about every hidden cell.
//!
//! The hidden cells are whole numbers from 0 on whose sums, by row and column, everybody sees.
//! All tables that agree with that are the flows of a bipartite network (a transportation polytope), and the least and the
//! greatest value of a cell are reached by flows of whole numbers; so maximum flows give both exactly, without rounding.
//! From one table that agrees, a cell can rise by what can flow around it through the other hidden cells, and fall likewise.

use petgraph::algo::dinics;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use serde::Serialize;

use super::table::PublishedTable;

/// What a reader knows of a hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HiddenCell {
    /// The row.
    pub row: usize,
    /// The column.
    pub column: usize,
    /// It is at least this.
    pub lower: u64,
    /// It is at most this.
    pub upper: u64,
}

impl HiddenCell {
    /// How many values above the least it may have: 0 where a reader knows it.
    pub fn width(&self) -> u64 {
        self.upper - self.lower
    }
}

/// A published table that no cells can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// Cells and totals are not as many as rows and columns.
    #[error("the table has not as many cells and totals as rows and columns")]
    Shape,
    /// No hidden cells make the totals.
    #[error("no hidden cells can make the totals")]
    Contradiction,
}

/// The exact bounds of every hidden cell, row by row.
///
/// Knows no more than a reader does; two maximum flows for every hidden cell.
pub fn audit(table: &PublishedTable) -> Result<Vec<HiddenCell>, AuditError> {
    let hidden = Hidden::of(table)?;
    let values = hidden.some_values()?;
    let mut network = hidden.residual_network(&values);
    let bounds = hidden.cells.iter().zip(&values).enumerate().map(|(place, ((row, column), value))| {
        let (upwards, downwards) =
            network.around(place, hidden.row_nodes[*row], hidden.column_nodes[*column]);
        HiddenCell {
            row: *row,
            column: *column,
            lower: value - downwards.min(*value),
            upper: value + upwards,
        }
    });
    Ok(bounds.collect())
}

/// The hidden cells of a table and what is left for them.
struct Hidden {
    cells: Vec<(usize, usize)>,
    row_rests: Vec<u64>,
    column_rests: Vec<u64>,
    row_nodes: Vec<NodeIndex>,
    column_nodes: Vec<NodeIndex>,
}

impl Hidden {
    fn of(table: &PublishedTable) -> Result<Self, AuditError> {
        let (rows, columns) = (table.rows.len(), table.columns.len());
        let is_whole = table.cells.len() == rows
            && table.cells.iter().all(|row| row.len() == columns)
            && table.row_totals.len() == rows
            && table.column_totals.len() == columns;
        if !is_whole {
            return Err(AuditError::Shape);
        }
        let mut cells = Vec::new();
        let (mut row_rests, mut column_rests) = (table.row_totals.clone(), table.column_totals.clone());
        for (row, own) in table.cells.iter().enumerate() {
            for (column, cell) in own.iter().enumerate() {
                match cell {
                    None => cells.push((row, column)),
                    Some(value) => {
                        for rest in [&mut row_rests[row], &mut column_rests[column]] {
                            *rest = rest.checked_sub(*value).ok_or(AuditError::Contradiction)?;
                        }
                    }
                }
            }
        }
        let row_nodes = (0..rows).map(NodeIndex::new).collect();
        let column_nodes = (rows..rows + columns).map(NodeIndex::new).collect();
        Ok(Self { cells, row_rests, column_rests, row_nodes, column_nodes })
    }

    fn total(&self) -> Result<u64, AuditError> {
        let sum = |rests: &[u64]| rests.iter().try_fold(0_u64, |sum, rest| sum.checked_add(*rest));
        let (rows, columns) = (sum(&self.row_rests), sum(&self.column_rests));
        // Values above that would not fit into sums of flows.
        rows.filter(|total| columns == Some(*total) && *total <= u64::MAX / 8)
            .ok_or(AuditError::Contradiction)
    }

    fn nodes(&self) -> DiGraph<(), u64> {
        let mut graph = DiGraph::new();
        for _ in 0..self.row_nodes.len() + self.column_nodes.len() {
            graph.add_node(());
        }
        graph
    }

    /// Some values of the hidden cells that make the totals.
    fn some_values(&self) -> Result<Vec<u64>, AuditError> {
        let total = self.total()?;
        let mut graph = self.nodes();
        for (row, column) in &self.cells {
            graph.add_edge(self.row_nodes[*row], self.column_nodes[*column], total);
        }
        let (source, sink) = (graph.add_node(()), graph.add_node(()));
        for (node, rest) in self.row_nodes.iter().zip(&self.row_rests) {
            graph.add_edge(source, *node, *rest);
        }
        for (node, rest) in self.column_nodes.iter().zip(&self.column_rests) {
            graph.add_edge(*node, sink, *rest);
        }
        let (flow, mut flows) = dinics(&graph, source, sink);
        if flow != total {
            return Err(AuditError::Contradiction);
        }
        flows.truncate(self.cells.len());
        Ok(flows)
    }

    /// How the values can change: a cell can rise without limit, and fall to nothing.
    fn residual_network(&self, values: &[u64]) -> Residual {
        let limit: u64 = values.iter().sum();
        let mut graph = self.nodes();
        let edges = self.cells.iter().zip(values).map(|((row, column), value)| {
            let (row, column) = (self.row_nodes[*row], self.column_nodes[*column]);
            [graph.add_edge(row, column, limit), graph.add_edge(column, row, *value)]
        });
        let edges = edges.collect();
        Residual { graph, edges }
    }
}

struct Residual {
    graph: DiGraph<(), u64>,
    /// For every hidden cell the edges by which it rises and falls.
    edges: Vec<[EdgeIndex; 2]>,
}

impl Residual {
    /// What can flow around a cell through the others: with it rising, and with it falling.
    fn around(&mut self, place: usize, row: NodeIndex, column: NodeIndex) -> (u64, u64) {
        let edges = self.edges[place];
        let limits = edges.map(|edge| std::mem::take(&mut self.graph[edge]));
        let (upwards, _) = dinics(&self.graph, column, row);
        let (downwards, _) = dinics(&self.graph, row, column);
        for (edge, limit) in edges.into_iter().zip(limits) {
            self.graph[edge] = limit;
        }
        (upwards, downwards)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn table(cells: &[&[Option<u64>]], row_totals: &[u64], column_totals: &[u64]) -> PublishedTable {
        let names = |count: usize| (0..count).map(|place| place.to_string()).collect();
        PublishedTable {
            rows: names(row_totals.len()),
            columns: names(column_totals.len()),
            cells: cells.iter().map(|row| row.to_vec()).collect(),
            row_totals: row_totals.to_vec(),
            column_totals: column_totals.to_vec(),
        }
    }

    #[test]
    fn a_single_hole_is_no_hole() {
        let found = audit(&table(&[&[None, Some(20)], &[Some(30), Some(10)]], &[23, 40], &[33, 30])).unwrap();
        assert_eq!(found, [HiddenCell { row: 0, column: 0, lower: 3, upper: 3 }]);
        assert_eq!(found[0].width(), 0);
    }

    #[test]
    fn four_holes_of_a_rectangle_move_together() {
        // 3 7 / 4 6: the first can be 0..=7, and every other follows.
        let found = audit(&table(&[&[None, None], &[None, None]], &[10, 10], &[7, 13])).unwrap();
        let bounds: Vec<(u64, u64)> = found.iter().map(|cell| (cell.lower, cell.upper)).collect();
        assert_eq!(bounds, [(0, 7), (3, 10), (0, 7), (3, 10)]);
    }

    #[test]
    fn tables_that_nothing_makes_are_refused() {
        let shown = |value| Some(value);
        assert_eq!(audit(&table(&[&[shown(3), None]], &[2], &[3, 0])), Err(AuditError::Contradiction));
        assert_eq!(audit(&table(&[&[None, None]], &[2], &[3, 0])), Err(AuditError::Contradiction));
        assert_eq!(audit(&table(&[&[None, shown(0)]], &[2], &[0, 2])), Err(AuditError::Contradiction));
        assert_eq!(audit(&table(&[&[None]], &[u64::MAX], &[u64::MAX])), Err(AuditError::Contradiction));
        assert_eq!(audit(&table(&[&[None]], &[2, 3], &[5])), Err(AuditError::Shape));
        assert_eq!(audit(&table(&[&[shown(2)]], &[2], &[2])), Ok(vec![]));
    }

    /// Fills the hidden cells from `place` on in all ways that the rests allow, and widens the bounds by every table found.
    fn by_trying(
        hidden: &[(usize, usize)],
        values: &mut Vec<u64>,
        rests: &mut [Vec<u64>; 2],
        bounds: &mut [(u64, u64)],
    ) {
        let Some((row, column)) = hidden.get(values.len()).copied() else {
            if rests.iter().flatten().all(|rest| *rest == 0) {
                for (bounds, value) in bounds.iter_mut().zip(values) {
                    *bounds = (bounds.0.min(*value), bounds.1.max(*value));
                }
            }
            return;
        };
        for value in 0..=rests[0][row].min(rests[1][column]) {
            rests[0][row] -= value;
            rests[1][column] -= value;
            values.push(value);
            by_trying(hidden, values, rests, bounds);
            values.pop();
            rests[0][row] += value;
            rests[1][column] += value;
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

        #[test]
        fn the_bounds_are_those_of_all_tables(
            cells in prop::collection::vec(prop::collection::vec((0_u64..6, any::<bool>()), 3), 3),
        ) {
            let values: Vec<Vec<u64>> = cells.iter().map(|row| row.iter().map(|(value, _)| *value).collect()).collect();
            let hidden: Vec<(usize, usize)> = (0..3)
                .flat_map(|row| (0..3).map(move |column| (row, column)))
                .filter(|(row, column)| cells[*row][*column].1)
                .collect();
            let shown: Vec<Vec<Option<u64>>> =
                cells.iter().map(|row| row.iter().map(|(value, hidden)| (!hidden).then_some(*value)).collect()).collect();
            let borrowed: Vec<&[Option<u64>]> = shown.iter().map(Vec::as_slice).collect();
            let row_totals: Vec<u64> = values.iter().map(|row| row.iter().sum()).collect();
            let column_totals: Vec<u64> = (0..3).map(|column| values.iter().map(|row| row[column]).sum()).collect();
            let found = audit(&table(&borrowed, &row_totals, &column_totals)).unwrap();
            let bounds: Vec<(u64, u64)> = found.iter().map(|cell| (cell.lower, cell.upper)).collect();
            let rests_of = |line: fn(&(usize, usize)) -> usize| {
                let of = |wanted: usize| hidden.iter().filter(|cell| line(cell) == wanted).map(|(r, c)| values[*r][*c]).sum();
                (0..3).map(of).collect::<Vec<u64>>()
            };
            let mut expected = vec![(u64::MAX, 0); hidden.len()];
            by_trying(&hidden, &mut Vec::new(), &mut [rests_of(|cell| cell.0), rests_of(|cell| cell.1)], &mut expected);
            prop_assert_eq!(bounds, expected);
        }
    }
}
