//! The truth: questions with their right answers, as SQuAD writes them or as JSON lines.

use sdk::roll::{IdIndex, repeated};
use sdk::texts::{HowMany, read_texts};
use sdk::{
    Code, Fault, Faults, File, Items, JsonReader, Limits, Param, ParamKind, ParamValue, Params, Slot, Stop,
};

use super::answers::normalized;

/// The column of the right answers, where they are not written as SQuAD writes them.
const ANSWERS: &str = "answers";

/// What is resampled as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    Paragraph,
    Article,
    Question,
}

impl Grouping {
    const NAME: &'static str = "group";
    const CHOICES: [(&'static str, Self); 3] =
        [("paragraph", Self::Paragraph), ("article", Self::Article), ("question", Self::Question)];

    pub(super) fn param() -> Param {
        Param::new(
            Self::NAME,
            ParamKind::Choice { choices: Self::CHOICES.map(|(name, _)| name.to_owned()).to_vec() },
            ParamValue::Text("paragraph".to_owned()),
            "What is resampled as a whole: questions about one text are alike.",
        )
    }

    pub(super) fn of(params: &Params) -> Self {
        let chosen = params.text(Self::NAME);
        let found = Self::CHOICES.into_iter().find(|(name, _)| Some(*name) == chosen);
        found.map_or(Self::Paragraph, |(_, grouping)| grouping)
    }
}

/// The questions.
#[derive(Debug, Default)]
pub(super) struct Questions {
    pub(super) items: Items,
    pub(super) index: IdIndex,
    pub(super) has_answer: Vec<bool>,
    answers: Vec<Box<str>>,
    ends: Vec<usize>,
}

/// What is being read.
struct Reading {
    questions: Questions,
    ids: Vec<(String, String)>,
    articles: Vec<String>,
    grouping: Grouping,
    /// Whether the answers are left out.
    unannotated: bool,
    /// The title of the article, and which article, paragraph of it, that is.
    title: String,
    article: u64,
    paragraph: u64,
}

impl Questions {
    /// Reads the questions; where their answers are left out they have none.
    pub(super) fn read(file: &File<'_>, grouping: Grouping, unannotated: bool) -> Result<Self, Faults> {
        let mut reading = Reading {
            questions: Self::default(),
            ids: Vec::new(),
            articles: Vec::new(),
            grouping,
            unannotated,
            title: String::new(),
            article: 0,
            paragraph: 0,
        };
        let limits = Limits::default();
        let extension = file.name.rsplit_once('.').map_or("", |(_, extension)| extension);
        if matches!(extension, "jsonl" | "ndjson" | "csv") {
            reading.read_rows(file, &limits)?;
        } else {
            JsonReader::read(&file.bytes, &limits, |reader| reading.data(reader))?;
        }
        if reading.ids.is_empty() {
            let message = "the annotations have no question";
            return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "at least one", "none")));
        }
        let mut questions = reading.questions;
        questions.items = Items::new(reading.ids);
        questions.items.set_attribute("article", reading.articles.iter().map(|title| [title]));
        let answerable = questions.has_answer.iter().map(|has| [if *has { "yes" } else { "no" }]);
        questions.items.set_attribute("answerable", answerable.collect::<Vec<_>>());
        Ok(questions)
    }

    /// The right answers of a question, normalized.
    pub(super) fn answers_of(&self, item: usize) -> &[Box<str>] {
        let start = if item == 0 { 0 } else { self.ends[item - 1] };
        &self.answers[start..self.ends[item]]
    }

    /// Adds the answers of a question; those that say nothing count only if all do.
    fn add<'t>(&mut self, answers: impl IntoIterator<Item = &'t str>) {
        let start = self.answers.len();
        let mut any = false;
        for answer in answers {
            any = true;
            let answer = normalized(answer);
            if !answer.is_empty() {
                self.answers.push(answer.into());
            }
        }
        if self.answers.len() == start {
            self.answers.push("".into());
        }
        self.has_answer.push(any);
        self.ends.push(self.answers.len());
    }
}

impl Reading {
    fn read_rows(&mut self, file: &File<'_>, limits: &Limits) -> Result<(), Faults> {
        let mut faults = Faults::new();
        let how_many = if self.unannotated { HowMany::Nothing } else { HowMany::Several };
        read_texts(file, ANSWERS, how_many, limits, &mut faults, |(id, texts, at), faults| {
            if self.questions.index.add(id).is_err() {
                faults.push_with(|| repeated("id", id).at(at.place(id)));
                return;
            }
            self.ids.push((id.to_owned(), id.to_owned()));
            self.articles.push(String::new());
            self.questions.add(texts.iter().map(|text| &**text));
        })?;
        faults.or(())
    }

    fn data(&mut self, reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
        let mut data = Slot::default();
        let object = reader.object(|reader, key| match &**key {
            "data" => {
                data.put(reader.array(|reader, article| {
                    self.article = article;
                    self.article(reader)
                })?);
                Ok(())
            }
            _ => reader.skip(),
        })?;
        if object.is_some() {
            data.require("data", reader);
        }
        Ok(())
    }

    fn article(&mut self, reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
        let mut paragraphs = Slot::default();
        let first = self.articles.len();
        self.title.clear();
        let object = reader.object(|reader, key| match &**key {
            "title" => {
                self.title = reader.string()?.map(String::from).unwrap_or_default();
                Ok(())
            }
            "paragraphs" => {
                paragraphs.put(reader.array(|reader, paragraph| {
                    self.paragraph = paragraph;
                    self.paragraph(reader)
                })?);
                Ok(())
            }
            _ => reader.skip(),
        })?;
        if object.is_some() {
            paragraphs.require("paragraphs", reader);
        }
        // The title may stand behind the paragraphs.
        self.articles[first..].fill(self.title.clone());
        Ok(())
    }

    fn paragraph(&mut self, reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
        let mut questions = Slot::default();
        let object = reader.object(|reader, key| match &**key {
            "qas" => {
                questions.put(reader.array(|reader, _| self.question(reader))?);
                Ok(())
            }
            _ => reader.skip(),
        })?;
        if object.is_some() {
            questions.require("qas", reader);
        }
        Ok(())
    }

    fn question(&mut self, reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
        let (mut id, mut answers) = (Slot::default(), Slot::default());
        let mut texts = Vec::new();
        let object = reader.object(|reader, key| {
            match &**key {
                "id" => id.put(reader.string()?),
                "answers" if self.unannotated => reader.skip()?,
                "answers" => answers.put(reader.array(|reader, _| {
                    let mut text = Slot::default();
                    let object = reader.object(|reader, key| {
                        match &**key {
                            "text" => text.put(reader.string()?),
                            _ => reader.skip()?,
                        }
                        Ok(())
                    })?;
                    if object.is_some() {
                        texts.extend(text.require("text", reader));
                    }
                    Ok(())
                })?),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        if object.is_none() {
            return Ok(());
        }
        if !self.unannotated {
            answers.require("answers", reader);
        }
        let Some(id) = id.require("id", reader) else { return Ok(()) };
        if self.questions.index.add(&id).is_err() {
            reader.fault_with(|| repeated("id", &id));
            return Ok(());
        }
        let group = match self.grouping {
            Grouping::Article => self.article.to_string(),
            Grouping::Paragraph => format!("{}/{}", self.article, self.paragraph),
            Grouping::Question => id.to_string(),
        };
        self.ids.push((id.into_owned(), group));
        self.articles.push(String::new());
        self.questions.add(texts.iter().map(|text| &**text));
        Ok(())
    }
}
