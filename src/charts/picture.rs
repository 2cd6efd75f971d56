//! A drawing surface that writes SVG as text.

use std::fmt::Write as _;

/// What figures look like; pages hold it in their stylesheet, files bring it with them.
pub const STYLE: &str = include_str!("style.css");

/// How many pixels a line of notes is high.
const NOTE: f64 = 16.0;

/// What a figure says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// A short name that no other figure of a page has: letters, digits and `-`.
    pub key: String,
    /// The title.
    pub title: String,
    /// What is to be seen, in a sentence or two, for those who do not see it.
    pub description: String,
    /// What stands under the figure: of which records it is, of how many, and what is withheld.
    pub notes: Vec<String>,
}

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Start,
    Middle,
    End,
}

/// A drawn figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    about: About,
    width: f64,
    height: f64,
    body: String,
}

impl Picture {
    pub(crate) fn new(about: &About, width: f64, height: f64) -> Self {
        Self { about: about.clone(), width, height, body: String::new() }
    }

    /// The figure as a part of a page, whose stylesheet holds [`STYLE`]; title and notes are the page's to write.
    pub fn inline(&self) -> String {
        self.written(0.0, 0.0, "")
    }

    /// The figure as a file of its own, with its title above, its notes below and its style.
    pub fn standalone(&self) -> String {
        let mut around = format!("<style>{}</style>", STYLE.replace('<', ""));
        let notes: Vec<String> =
            self.about.notes.iter().flat_map(|note| wrapped(note, (self.width / 6.2) as usize)).collect();
        let (above, below) = (40.0, NOTE * notes.len() as f64 + 14.0);
        let _ = write!(
            around,
            "<rect class=\"paper\" x=\"-16\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            -above,
            self.width + 32.0,
            self.height + above + below
        );
        let _ = write!(around, "<text class=\"heading\" y=\"-16\">{}</text>", escaped(&self.about.title));
        for (line, note) in notes.iter().enumerate() {
            let y = self.height + NOTE * (line as f64 + 1.0);
            let _ = write!(around, "<text class=\"soft small\" y=\"{y}\">{}</text>", escaped(note));
        }
        self.written(above, below, &around)
    }

    fn written(&self, above: f64, below: f64, around: &str) -> String {
        let Self { about, width, height, body } = self;
        let (margin, key) = (if above > 0.0 { 16.0 } else { 0.0 }, &about.key);
        let (whole, high) = (width + 2.0 * margin, height + above + below);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" viewBox=\"{} {} {whole} {high}\" width=\"{whole}\" \
             height=\"{high}\" role=\"img\" aria-labelledby=\"{key}-title {key}-desc\">\n\
             <title id=\"{key}-title\">{}</title><desc id=\"{key}-desc\">{}</desc>\n{}{around}\n{body}</svg>\n",
            -margin,
            if above > 0.0 { -above } else { 0.0 },
            escaped(&about.title),
            escaped(&about.description),
            self.hatching(),
        )
    }

    /// The pattern of what is not known; only where something is drawn with it.
    fn hatching(&self) -> String {
        let key = &self.about.key;
        if !self.body.contains("-hatch)") {
            return String::new();
        }
        format!(
            "<defs><pattern id=\"{key}-hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" \
             patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M0 0V6\"/></pattern></defs>\n"
        )
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let (x1, y1, x2, y2) = (short(from.0), short(from.1), short(to.0), short(to.1));
        let _ = writeln!(self.body, "<path class=\"{class}\" d=\"M{x1} {y1}L{x2} {y2}\"/>");
    }

    /// A line through points; `dashes` as SVG has them, empty for none.
    pub(crate) fn path(&mut self, points: &[(f64, f64)], class: &str, dashes: &str) {
        let mut d = String::new();
        for (place, (x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{} {}", if place == 0 { 'M' } else { 'L' }, short(*x), short(*y));
        }
        let dashes =
            if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
        let _ = writeln!(self.body, "<path class=\"{class}\"{dashes} d=\"{d}\"/>");
    }

    /// A rectangle with what is said where somebody points at it.
    pub(crate) fn rect(&mut self, at: (f64, f64), size: (f64, f64), class: &str, said: &str) {
        let _ = writeln!(
            self.body,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1.5\">{}</rect>",
            short(at.0),
            short(at.1),
            short(size.0.max(0.0)),
            short(size.1.max(0.0)),
            title(said)
        );
    }

    /// A rectangle that stands for what is not known or not told.
    pub(crate) fn hatched(&mut self, at: (f64, f64), size: (f64, f64), said: &str) {
        let _ = writeln!(
            self.body,
            "<rect class=\"hatched\" fill=\"url(#{}-hatch)\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1.5\">{}</rect>",
            self.about.key,
            short(at.0),
            short(at.1),
            short(size.0.max(0.0)),
            short(size.1.max(0.0)),
            title(said)
        );
    }

    /// A dot with what is said where somebody points at it.
    pub(crate) fn dot(&mut self, at: (f64, f64), class: &str, said: &str) {
        let (x, y) = (short(at.0), short(at.1));
        let _ = writeln!(
            self.body,
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"5\">{}</circle>",
            title(said)
        );
    }

    /// A band from one upright line to another, each given by its place, its top and its height.
    pub(crate) fn ribbon(&mut self, ends: [(f64, f64, f64); 2], class: &str, said: &str) {
        let [(x1, y1, high1), (x2, y2, high2)] = ends;
        let middle = short((x1 + x2) / 2.0);
        let [x1, x2, top1, top2, end1, end2] = [x1, x2, y1, y2, y1 + high1, y2 + high2].map(short);
        let _ = writeln!(
            self.body,
            "<path class=\"{class}\" d=\"M{x1} {top1}C{middle} {top1} {middle} {top2} {x2} {top2}L{x2} {end2}\
             C{middle} {end2} {middle} {end1} {x1} {end1}Z\">{}</path>",
            title(said)
        );
    }

    /// A mark of a series: each series has a shape of its own, so that colour is not needed to tell them apart.
    pub(crate) fn mark(&mut self, at: (f64, f64), series: usize, said: &str) {
        let (x, y, class) = (at.0, at.1, series_class(series));
        let shape = match series % 4 {
            0 => format!(
                "<circle class=\"{class} fill mark\" cx=\"{}\" cy=\"{}\" r=\"5.5\">",
                short(x),
                short(y)
            ),
            1 => format!(
                "<path class=\"{class} ring\" d=\"M{} {}l5.5 5.5l-5.5 5.5l-5.5 -5.5z\">",
                short(x),
                short(y - 5.5)
            ),
            2 => format!(
                "<rect class=\"{class} fill mark\" x=\"{}\" y=\"{}\" width=\"9\" height=\"9\">",
                short(x - 4.5),
                short(y - 4.5)
            ),
            _ => format!("<circle class=\"{class} ring\" cx=\"{}\" cy=\"{}\" r=\"4.5\">", short(x), short(y)),
        };
        let end = if series % 4 == 1 {
            "path"
        } else if series % 4 == 2 {
            "rect"
        } else {
            "circle"
        };
        let _ = writeln!(self.body, "{shape}{}</{end}>", title(said));
    }

    /// A text that leans upwards from its beginning.
    pub(crate) fn leaning(&mut self, at: (f64, f64), text: &str) {
        let (x, y) = (short(at.0), short(at.1));
        let _ = writeln!(
            self.body,
            "<text class=\"strong\" x=\"{x}\" y=\"{y}\" transform=\"rotate(-38 {x} {y})\">{}</text>",
            escaped(text)
        );
    }

    /// A rectangle in the first colour, as strongly as a share says.
    pub(crate) fn shaded(&mut self, at: (f64, f64), size: (f64, f64), share: f64, said: &str) {
        let _ = writeln!(
            self.body,
            "<rect class=\"s1 fill\" fill-opacity=\"{share:.2}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"1.5\">{}</rect>",
            short(at.0),
            short(at.1),
            short(size.0.max(0.0)),
            short(size.1.max(0.0)),
            title(said)
        );
    }

    /// A disc with a short word in it.
    pub(crate) fn badge(&mut self, at: (f64, f64), class: &str, word: &str, said: &str) {
        let _ = writeln!(
            self.body,
            "<g><circle class=\"{class} fill mark\" cx=\"{}\" cy=\"{}\" r=\"10\"/>{}</g>",
            short(at.0),
            short(at.1),
            title(said)
        );
        self.text((at.0, at.1 + 4.0), Held::Middle, "on small", word);
    }

    pub(crate) fn text(&mut self, at: (f64, f64), held: Held, class: &str, text: &str) {
        let anchor = match held {
            Held::Start => "",
            Held::Middle => " text-anchor=\"middle\"",
            Held::End => " text-anchor=\"end\"",
        };
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = writeln!(
            self.body,
            "<text{class} x=\"{}\" y=\"{}\"{anchor}>{}</text>",
            short(at.0),
            short(at.1),
            escaped(text)
        );
    }
}

/// The class that colours the series at a place.
pub(crate) fn series_class(place: usize) -> &'static str {
    ["s1", "s2", "s3", "s4", "s5", "s6"][place % 6]
}

/// The strokes of the series at a place.
pub(crate) fn series_dashes(place: usize) -> &'static str {
    ["", "7 4", "2 4", "10 4 2 4", "5 2", "1 3"][place % 6]
}

fn title(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(said)) }
}

/// A coordinate with one digit after the point: less than anybody sees.
fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A text without what XML would take for markup, or cannot hold at all.
fn escaped(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => found.push_str("&amp;"),
            '<' => found.push_str("&lt;"),
            '>' => found.push_str("&gt;"),
            '"' => found.push_str("&quot;"),
            '\t' | '\n' | '\r' => found.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => {
                found.push('\u{fffd}');
            }
            letter => found.push(letter),
        }
    }
    found
}

/// A text in lines of at most so many letters; longer words stand alone.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let fits = lines
            .last()
            .is_some_and(|line| line.is_empty() || line.chars().count() + 1 + word.chars().count() <= most);
        if !fits {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_strangers_are_text() {
        assert_eq!(escaped("<script>\"&'\u{1}\n"), "&lt;script&gt;&quot;&amp;'\u{fffd} ");
    }

    #[test]
    fn notes_are_wrapped() {
        assert_eq!(wrapped("a bb ccc dddddddd", 6), ["a bb", "ccc", "dddddddd"]);
    }
}
