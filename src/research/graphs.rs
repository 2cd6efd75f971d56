//! Constellations as files for graph tools: GraphML and GEXF, of people and teams or of people and their ties.
//!
//! Rows of people are restricted: the ids are those of the snapshot, which for an export are pseudonyms with a key of their own.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::measures::teams::Constellations;

/// What the nodes and edges are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Projection {
    /// People and teams; an edge is a person in a team.
    PeopleAndTeams,
    /// People; an edge is a tie of two who shared teams, with the weight of Newman 2001.
    PeopleTied,
}

/// A graph without directions, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    nodes: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, PartialEq)]
struct Node {
    id: String,
    label: String,
    kind: &'static str,
}

#[derive(Debug, Clone, PartialEq)]
struct Edge {
    source: String,
    target: String,
    weight: f64,
    teams: usize,
}

impl Graph {
    /// The graph of constellations.
    ///
    /// A team of several editions is several nodes with one label.
    pub fn new(constellations: &Constellations<'_>, projection: Projection) -> Self {
        let person = |place: usize| format!("p{place}");
        let people = constellations.people.iter().enumerate();
        let mut nodes: Vec<Node> = people
            .map(|(place, id)| Node { id: person(place), label: printable(id), kind: "person" })
            .collect();
        let edges = match projection {
            Projection::PeopleTied => {
                let edge = |((first, second), tie): (&(usize, usize), &crate::measures::teams::Tie)| Edge {
                    source: person(*first),
                    target: person(*second),
                    weight: tie.weight,
                    teams: tie.teams,
                };
                constellations.ties.iter().map(edge).collect()
            }
            Projection::PeopleAndTeams => {
                let mut edges = Vec::new();
                for (place, (id, members)) in constellations.teams.iter().enumerate() {
                    let team = format!("t{place}");
                    let edge = |member: &usize| Edge {
                        source: person(*member),
                        target: team.clone(),
                        weight: 1.0,
                        teams: 1,
                    };
                    edges.extend(members.iter().map(edge));
                    nodes.push(Node { id: team, label: printable(id), kind: "team" });
                }
                edges
            }
        };
        Self { nodes, edges }
    }

    /// The graph as GraphML 1.0, with `kind` and `label` of nodes and `weight` and `teams` of edges.
    pub fn graphml(&self) -> io::Result<Vec<u8>> {
        let mut xml = Xml::begin()?;
        xml.open("graphml", &[("xmlns", "http://graphml.graphdrawing.org/xmlns")])?;
        for (name, of, kind) in [
            ("kind", "node", "string"),
            ("label", "node", "string"),
            ("weight", "edge", "double"),
            ("teams", "edge", "int"),
        ] {
            xml.empty("key", &[("id", name), ("for", of), ("attr.name", name), ("attr.type", kind)])?;
        }
        xml.open("graph", &[("id", "constellations"), ("edgedefault", "undirected")])?;
        for node in &self.nodes {
            xml.open("node", &[("id", &node.id)])?;
            xml.data("kind", node.kind)?;
            xml.data("label", &node.label)?;
            xml.close("node")?;
        }
        for edge in &self.edges {
            xml.open("edge", &[("source", &edge.source), ("target", &edge.target)])?;
            xml.data("weight", &edge.weight.to_string())?;
            xml.data("teams", &edge.teams.to_string())?;
            xml.close("edge")?;
        }
        xml.close("graph")?;
        xml.close("graphml")?;
        Ok(xml.end())
    }

    /// The graph as GEXF 1.2, with `kind` of nodes and `teams` of edges.
    pub fn gexf(&self) -> io::Result<Vec<u8>> {
        let mut xml = Xml::begin()?;
        xml.open("gexf", &[("xmlns", "http://www.gexf.net/1.2draft"), ("version", "1.2")])?;
        xml.open("graph", &[("mode", "static"), ("defaultedgetype", "undirected")])?;
        for (class, title, kind) in [("node", "kind", "string"), ("edge", "teams", "integer")] {
            xml.open("attributes", &[("class", class), ("mode", "static")])?;
            xml.empty("attribute", &[("id", title), ("title", title), ("type", kind)])?;
            xml.close("attributes")?;
        }
        xml.open("nodes", &[])?;
        for node in &self.nodes {
            xml.open("node", &[("id", &node.id), ("label", &node.label)])?;
            xml.values("kind", node.kind)?;
            xml.close("node")?;
        }
        xml.close("nodes")?;
        xml.open("edges", &[])?;
        for (place, edge) in self.edges.iter().enumerate() {
            let (id, weight) = (place.to_string(), edge.weight.to_string());
            xml.open(
                "edge",
                &[("id", &id), ("source", &edge.source), ("target", &edge.target), ("weight", &weight)],
            )?;
            xml.values("teams", &edge.teams.to_string())?;
            xml.close("edge")?;
        }
        xml.close("edges")?;
        xml.close("graph")?;
        xml.close("gexf")?;
        Ok(xml.end())
    }
}

/// XML cannot hold control characters, not even escaped.
fn printable(id: &str) -> String {
    id.chars()
        .map(|character| {
            if character.is_control() || "\u{fffe}\u{ffff}".contains(character) {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect()
}

/// XML as it is written.
struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn begin() -> io::Result<Self> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        Ok(Self(writer))
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    /// A value of GraphML.
    fn data(&mut self, key: &str, value: &str) -> io::Result<()> {
        self.open("data", &[("key", key)])?;
        self.0.write_event(Event::Text(BytesText::new(value)))?;
        self.close("data")
    }

    /// A value of GEXF.
    fn values(&mut self, of: &str, value: &str) -> io::Result<()> {
        self.open("attvalues", &[])?;
        self.empty("attvalue", &[("for", of), ("value", value)])?;
        self.close("attvalues")
    }

    fn end(self) -> Vec<u8> {
        self.0.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::process::Command;

    use quick_xml::XmlVersion;

    use super::*;

    fn constellations() -> Constellations<'static> {
        Constellations::new([
            ("red & \"blue\"", BTreeSet::from(["a<b", "c", "d\u{1}"])),
            ("green", BTreeSet::from(["a<b", "c"])),
        ])
    }

    /// The names and attributes of everything that begins, and the texts.
    fn read_back(xml: &[u8]) -> Vec<String> {
        let mut reader = quick_xml::Reader::from_reader(xml);
        reader.config_mut().trim_text(true);
        let (mut buffer, mut found) = (Vec::new(), Vec::new());
        loop {
            match reader.read_event_into(&mut buffer).unwrap() {
                Event::Start(start) | Event::Empty(start) => {
                    let mut line = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
                    for attribute in start.attributes() {
                        let attribute = attribute.unwrap();
                        let value = attribute.normalized_value(XmlVersion::Explicit1_0).unwrap();
                        line += &format!(" {}={value}", std::str::from_utf8(attribute.key.as_ref()).unwrap());
                    }
                    found.push(line);
                }
                Event::Eof => return found,
                _ => {}
            }
            buffer.clear();
        }
    }

    #[test]
    fn people_and_teams_survive_the_way() {
        let found = read_back(&Graph::new(&constellations(), Projection::PeopleAndTeams).gexf().unwrap());
        let of = |name: &str| {
            found.iter().filter(|line| line.split(' ').next() == Some(name)).cloned().collect::<Vec<_>>()
        };
        assert_eq!(
            of("node"),
            [
                "node id=p0 label=a<b",
                "node id=p1 label=c",
                "node id=p2 label=d\u{fffd}",
                "node id=t0 label=red & \"blue\"",
                "node id=t1 label=green",
            ]
        );
        assert_eq!(of("edge").len(), 5);
    }

    #[test]
    fn ties_have_their_weight() {
        let xml = Graph::new(&constellations(), Projection::PeopleTied).graphml().unwrap();
        let text = String::from_utf8(xml.clone()).unwrap();
        assert!(
            text.contains("<data key=\"weight\">1.5</data>") && text.contains("<data key=\"teams\">2</data>"),
            "{text}"
        );
        let found = read_back(&xml);
        assert_eq!(found.iter().filter(|line| line.starts_with("edge")).count(), 3);
        assert!(!found.iter().any(|line| line.starts_with("node id=t")));
    }

    #[test]
    fn networkx_reads_both() {
        let Some(python) = test_support::python("networkx") else { return };
        let folder = tempfile::tempdir().unwrap();
        let graph = Graph::new(&constellations(), Projection::PeopleTied);
        std::fs::write(folder.path().join("ties.graphml"), graph.graphml().unwrap()).unwrap();
        std::fs::write(folder.path().join("ties.gexf"), graph.gexf().unwrap()).unwrap();
        let program = "import networkx as n\n\
            for g in (n.read_graphml('ties.graphml'), n.read_gexf('ties.gexf')):\n\
            \x20   print(len(g), g.size(), g.edges['p0', 'p1']['weight'], g.edges['p0', 'p1']['teams'], g.nodes['p0']['kind'], g.nodes['p0']['label'])";
        let run = Command::new(python).args(["-c", program]).current_dir(folder.path()).output().unwrap();
        let said = String::from_utf8_lossy(&run.stdout).into_owned();
        assert_eq!(said, "3 3 1.5 2 person a<b\n".repeat(2), "{}", String::from_utf8_lossy(&run.stderr));
    }
}
