//! Text into a tree.

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::{Document, Entry, Node, Scalar, Value};
use crate::fault::{Fault, Findings, Position};

/// The longest file, in bytes: a description, not data.
pub const LONGEST: usize = 1 << 20;

/// How deeply lists and mappings may be nested, in either notation.
const DEEPEST: usize = 48;

/// The most values after aliases are replaced by what they stand for, and the most bytes of their texts.
const MOST_NODES: usize = 100_000;
const MOST_TEXT: usize = 8 << 20;

/// Reads a file; `name` is what its faults call it.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Document, Findings> {
    if bytes.len() > LONGEST {
        let message = format!("the file has {} bytes; at most {LONGEST} are read", bytes.len());
        return Err(Findings::one(Fault::of_file(name, message)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let fault = Fault::of_file(name, "the file is not UTF-8 text");
        Findings::one(fault.at(Position::of_offset(&before, before.len())))
    })?;
    let mut builder = Builder { name, ..Builder::default() };
    let read = builder.document(text);
    match read {
        Ok(Some(root)) if builder.findings.is_usable() => {
            Ok(Document { root, warnings: builder.findings.warnings })
        }
        Ok(None) if builder.findings.is_usable() => {
            Err(Findings::one(Fault::of_file(name, "there is nothing in the file")))
        }
        Ok(_) => Err(builder.findings),
        Err(Stopped) => Err(builder.findings),
    }
}

/// Reading ends here; why is among the findings.
struct Stopped;

/// A list or mapping that is not closed yet.
struct Open {
    position: Position,
    anchor: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        keys: HashMap<String, usize>,
        key: Option<(String, Position)>,
        merged: Vec<Node>,
    },
}

/// What an anchor names: the value, and what a copy of it costs.
struct Anchored {
    node: Node,
    nodes: usize,
    text: usize,
}

#[derive(Default)]
struct Builder<'n> {
    name: &'n str,
    open: Vec<Open>,
    anchored: HashMap<usize, Anchored>,
    root: Option<Node>,
    nodes: usize,
    text: usize,
    findings: Findings,
}

impl Builder<'_> {
    fn document(&mut self, text: &str) -> Result<Option<Node>, Stopped> {
        let options = granit_parser::options! { flow_nesting_limit: DEEPEST, block_nesting_limit: DEEPEST };
        let mut documents = 0;
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = match event {
                Ok(event) => event,
                Err(error) => {
                    let marker = error.marker();
                    let position = Position { line: marker.line().max(1), column: marker.col() + 1 };
                    return Err(self.syntax(position, error.kind().to_string()));
                }
            };
            if let Event::DocumentStart(..) = event {
                documents += 1;
                if documents > 1 {
                    let problem = "expected a single document in the stream".to_owned();
                    return Err(self.syntax(start(&span), problem));
                }
            }
            self.event(event, start(&span))?;
        }
        Ok(self.root.take())
    }

    /// The form in which EvalAI tells of YAML that cannot be read.
    fn syntax(&mut self, position: Position, problem: String) -> Stopped {
        let Position { line, column } = position;
        let mut letters = problem.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
        let message = format!("{first}{} in line {line}, column {column}", letters.as_str());
        self.findings.fault(Fault::of_file(self.name, message).at(position));
        Stopped
    }

    fn event(&mut self, event: Event<'_>, position: Position) -> Result<(), Stopped> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.check_tag(tag.as_deref(), position);
                self.count(1, text.len(), position)?;
                // A quoted text, and one that says to be a text, is never more than that.
                let is_text = tag.is_some_and(|tag| {
                    tag.suffix() == "str" || tag.handle().is_empty() || tag.handle() == "!"
                });
                let is_plain = style == ScalarStyle::Plain && !is_text;
                let value = Value::Scalar(Scalar { text: text.into_owned(), is_plain });
                self.node(Node { position, value }, anchor)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(position, anchor, tag, Parts::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                let (entries, keys, merged) = (Vec::new(), HashMap::new(), Vec::new());
                self.begin(position, anchor, tag, Parts::Map { entries, keys, key: None, merged })
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let Some(Anchored { node, nodes, text }) = self.anchored.get(&anchor) else {
                    return Err(
                        self.syntax(position, "found an alias inside of what it stands for".to_owned())
                    );
                };
                let (mut node, nodes, text) = (node.clone(), *nodes, *text);
                self.count(nodes, text, position)?;
                node.position = position;
                self.node(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        position: Position,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        parts: Parts,
    ) -> Result<(), Stopped> {
        self.check_tag(tag.as_deref(), position);
        self.count(1, 0, position)?;
        if self.open.len() >= DEEPEST {
            return Err(self.syntax(position, format!("found more than {DEEPEST} nested lists and mappings")));
        }
        self.open.push(Open { position, anchor, parts });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stopped> {
        let Some(Open { position, anchor, parts }) = self.open.pop() else { return Ok(()) };
        let value = match parts {
            Parts::List(nodes) => Value::List(nodes),
            Parts::Map { mut entries, mut keys, merged, .. } => {
                // The merge key: what is named here wins over what is merged, and the first that is merged over others.
                for entry in merged.into_iter().flat_map(merged_entries) {
                    if !keys.contains_key(&entry.key) {
                        keys.insert(entry.key.clone(), entries.len());
                        entries.push(entry);
                    }
                }
                Value::Map(entries)
            }
        };
        self.node(Node { position, value }, anchor)
    }

    /// Puts a value where it belongs.
    fn node(&mut self, node: Node, anchor: usize) -> Result<(), Stopped> {
        if anchor > 0 {
            let (nodes, text) = cost(&node);
            self.anchored.insert(anchor, Anchored { node: node.clone(), nodes, text });
        }
        let position = node.position;
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.root = Some(node),
            Some(Parts::List(nodes)) => nodes.push(node),
            Some(Parts::Map { entries, keys, key, merged }) => match key.take() {
                None => match node.value {
                    Value::Scalar(scalar) if scalar.is_plain && scalar.text == "<<" => {
                        *key = Some((MERGE.to_owned(), position));
                    }
                    Value::Scalar(scalar) => {
                        if keys.contains_key(&scalar.text) {
                            let message =
                                format!("the key {:?} stands twice; this value counts", scalar.text);
                            self.findings.warn(Fault::of_file(self.name, message).at(position));
                        }
                        *key = Some((scalar.text, position));
                    }
                    Value::List(_) | Value::Map(_) => {
                        return Err(
                            self.syntax(position, "found a key that is a list or a mapping".to_owned())
                        );
                    }
                },
                Some((key, _)) if key == MERGE => merged.push(node),
                Some((key, position)) => {
                    let entry = Entry { key, position, value: node };
                    match keys.get(&entry.key) {
                        Some(place) => entries[*place] = entry,
                        None => {
                            keys.insert(entry.key.clone(), entries.len());
                            entries.push(entry);
                        }
                    }
                }
            },
        }
        Ok(())
    }

    /// Tags beyond YAML's own make objects of a language when they are loaded unsafely.
    fn check_tag(&mut self, tag: Option<&Tag>, position: Position) {
        const OWN: [&str; 8] = ["str", "int", "float", "bool", "null", "seq", "map", "timestamp"];
        let Some(tag) = tag else { return };
        let is_own = tag.handle() == "tag:yaml.org,2002:" && OWN.contains(&tag.suffix());
        let tag = format!("{}{}", tag.handle(), tag.suffix());
        // The bare `!` says only that a text is no more than that.
        if !is_own && tag != "!" {
            let problem = format!("could not determine a constructor for the tag {tag:?}");
            self.syntax(position, problem);
        }
    }

    fn count(&mut self, nodes: usize, text: usize, position: Position) -> Result<(), Stopped> {
        self.nodes = self.nodes.saturating_add(nodes);
        self.text = self.text.saturating_add(text);
        if self.nodes > MOST_NODES {
            return Err(self.syntax(position, format!("found more than {MOST_NODES} values")));
        }
        if self.text > MOST_TEXT {
            return Err(self.syntax(position, format!("found more than {MOST_TEXT} bytes of text")));
        }
        Ok(())
    }
}

/// The key of values to be merged: no text of a file can be it, because a NUL is refused in YAML.
const MERGE: &str = "\0<<";

fn merged_entries(node: Node) -> Vec<Entry> {
    match node.value {
        Value::Map(entries) => entries,
        Value::List(nodes) => nodes.into_iter().flat_map(merged_entries).collect(),
        Value::Scalar(_) => Vec::new(),
    }
}

/// How many values a tree has, and how many bytes of text.
fn cost(node: &Node) -> (usize, usize) {
    let sum = |parts: &mut dyn Iterator<Item = (usize, usize)>| {
        parts.fold((1, 0), |(nodes, text), (more, longer)| (nodes + more, text + longer))
    };
    match &node.value {
        Value::Scalar(scalar) => (1, scalar.text.len()),
        Value::List(nodes) => sum(&mut nodes.iter().map(cost)),
        Value::Map(entries) => sum(&mut entries.iter().map(|entry| {
            let (nodes, text) = cost(&entry.value);
            (nodes + 1, text + entry.key.len())
        })),
    }
}

/// Where a value begins; with a tag before it, where that begins.
fn start(span: &Span) -> Position {
    let start = span.tag_start().unwrap_or(span.start);
    Position { line: start.line().max(1), column: start.col() + 1 }
}
