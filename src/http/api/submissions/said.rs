//! What a team says about a file, in whichever way it is sent.
//!
//! The parts of a form, the query of a raw body and the metadata of a resumable upload carry the same names,
//! so all three are read here.

use app::{Failure, FieldError, Outcome};
use domain::Digest;
use domain::split::Visibility;
use domain::submission::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A file's name, its method, the answers to the organizers' questions, and whether it may be shown.
#[derive(Debug, Clone, Serialize)]
pub struct Said {
    /// What the file is called.
    pub file_name: String,
    /// What the team says about the method.
    pub method: Method,
    /// The answers to the organizers' questions.
    pub attributes: Map<String, Value>,
    /// Whether it may stand on the leaderboard.
    pub visibility: Visibility,
}

/// Everything that tells one sent file from another, for repeated requests.
#[derive(Serialize)]
pub struct SentFile<'a> {
    /// The challenge as it was addressed.
    pub challenge: &'a str,
    /// The phase as it was addressed.
    pub phase: &'a str,
    /// The content, where it is known.
    pub content: Option<Digest>,
    /// The size.
    pub size_bytes: u64,
    /// What was said about it.
    pub said: &'a Said,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            file_name: String::new(),
            method: Method::default(),
            attributes: Map::new(),
            visibility: Visibility::Public,
        }
    }
}

impl Said {
    /// Takes one named text; a name that means nothing here is refused.
    pub fn set(&mut self, name: &str, text: &str) -> Outcome<()> {
        match name {
            "file_name" => text.clone_into(&mut self.file_name),
            "method" => self.method = json(name, text)?,
            "attributes" => self.attributes = json(name, text)?,
            "visibility" => self.visibility = Visibility::parse(text)?,
            "method_name" => text.clone_into(&mut self.method.name),
            "method_description" => text.clone_into(&mut self.method.description),
            "project_url" => text.clone_into(&mut self.method.project_url),
            "paper_url" => text.clone_into(&mut self.method.paper_url),
            "code_url" => text.clone_into(&mut self.method.code_url),
            _ => {
                let rule = "is not known here; known are file_name, method, attributes, visibility, \
                            method_name, method_description, project_url, paper_url, code_url";
                return Err(Failure::invalid_fields(vec![FieldError::new(name, rule)]));
            }
        }
        Ok(())
    }
}

/// Reads a text that holds JSON, or says which of its fields is wrong.
fn json<T: DeserializeOwned>(name: &str, text: &str) -> Outcome<T> {
    serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(text)).map_err(|error| {
        let (path, fault) = (error.path().to_string(), error.inner());
        // Where the text is not JSON at all, the path is only where reading stopped.
        let is_whole = path == "." || !fault.is_data();
        let field = if is_whole { name.to_owned() } else { format!("{name}.{path}") };
        Failure::invalid_fields(vec![FieldError::new(field, format!("must be JSON: {fault}"))])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_said_in_one_piece_or_in_several() {
        let (mut whole, mut parts) = (Said::default(), Said::default());
        whole.set("method", r#"{"name": "ours", "code_url": "https://example.org"}"#).unwrap();
        parts.set("method_name", "ours").unwrap();
        parts.set("code_url", "https://example.org").unwrap();
        assert_eq!(whole.method, parts.method);
    }

    #[test]
    fn what_is_not_known_or_not_json_is_named() {
        let refusal =
            |name: &str, text: &str| Said::default().set(name, text).unwrap_err().errors.remove(0).field;
        assert_eq!(refusal("team", "x"), "team");
        assert_eq!(refusal("method", "{"), "method");
        assert_eq!(refusal("method", r#"{"name": 1}"#), "method.name");
        assert_eq!(refusal("visibility", "secret"), "visibility");
    }
}
