//! What a person answers: a small file with every prompt, kept when the pack is made anew.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::Path;

use crate::output::evidence::items::ITEMS;

/// The file, in the folder of the run.
pub const ANSWERS: &str = "evidence-answers.toml";
/// Far longer than any answers [bytes].
const LARGEST: u64 = 4 * 1024 * 1024;

/// Answers by item and prompt.
#[derive(Clone, Debug, Default)]
pub struct Answers(toml::Table);

impl Answers {
    /// Reads the answers of a folder; none where there is no file.
    ///
    /// # Errors
    /// In words: the file cannot be read, is no TOML, or answers what nobody asks.
    pub fn read(folder: &Path) -> Result<Answers, String> {
        let path = folder.join(ANSWERS);
        let shown = path.display();
        match fs::metadata(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Answers::default()),
            Err(e) => return Err(format!("{shown} cannot be read: {e}")),
            Ok(about) if !about.is_file() || about.len() > LARGEST => {
                return Err(format!(
                    "{shown} is no file of answers\n  move it away, and run again for a fresh one"
                ));
            }
            Ok(_) => {}
        }
        let text = fs::read_to_string(&path).map_err(|e| format!("{shown} cannot be read: {e}"))?;
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            format!("{shown} cannot be understood\n{}", e.to_string().trim_end())
        })?;
        let mut wrong = Vec::new();
        for (id, answers) in &table {
            let Some(item) = ITEMS.iter().find(|item| item.id == id) else {
                wrong.push(format!("[{id}] is no item of the pack"));
                continue;
            };
            let Some(answers) = answers.as_table() else {
                wrong.push(format!("{id} is no table of answers"));
                continue;
            };
            for (key, answer) in answers {
                if !item.prompts.iter().any(|prompt| prompt.0 == key) {
                    wrong.push(format!("[{id}] {key} is not asked"));
                } else if answer.as_str().is_none() {
                    wrong.push(format!("[{id}] {key} is no text: write it in quotes"));
                }
            }
        }
        match wrong.is_empty() {
            true => Ok(Answers(table)),
            false => Err(format!("{shown}:\n  {}", wrong.join("\n  "))),
        }
    }

    /// What a person answered; nothing where the answer is blank.
    pub fn of(&self, id: &str, key: &str) -> Option<&str> {
        let answer = self.0.get(id)?.as_table()?.get(key)?.as_str()?.trim();
        (!answer.is_empty()).then_some(answer)
    }

    /// A file with every prompt, and the answers that are there.
    pub fn file(&self) -> String {
        let mut text = String::from(
            "# What only a person can say. Write between the quotes, then make the pack again: the answers are kept.\n",
        );
        for item in ITEMS.iter().filter(|item| !item.prompts.is_empty()) {
            let _ = writeln!(text, "\n# {}\n[{}]", item.title, item.id);
            for (key, prompt) in item.prompts {
                let answer = toml::Value::String(self.of(item.id, key).unwrap_or("").to_owned());
                let _ = writeln!(text, "# {prompt}\n{key} = {answer}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_they_were_written_and_blanks_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let blank = Answers::read(folder.path()).unwrap();
        assert_eq!(blank.of("title", "status"), None);
        let text = blank
            .file()
            .replace("status = \"\"", "status = 'draft \"1\"'");
        fs::write(folder.path().join(ANSWERS), text).unwrap();
        let answers = Answers::read(folder.path()).unwrap();
        assert_eq!(answers.of("title", "status"), Some("draft \"1\""));
        fs::write(folder.path().join(ANSWERS), answers.file()).unwrap();
        let again = Answers::read(folder.path()).unwrap();
        assert_eq!(again.of("title", "status"), Some("draft \"1\""));
        assert_eq!(again.of("title", "contact"), None);
    }

    #[test]
    fn what_nobody_asks_is_told_all_at_once() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join(ANSWERS),
            "[title]\nstat = \"x\"\ndate = 3\n[who]\n",
        )
        .unwrap();
        let told = Answers::read(folder.path()).unwrap_err();
        for word in ["stat is not asked", "date is no text", "[who] is no item"] {
            assert!(told.contains(word), "{told}");
        }
        fs::write(folder.path().join(ANSWERS), "[title\n").unwrap();
        assert!(
            Answers::read(folder.path())
                .unwrap_err()
                .contains("cannot be understood")
        );
    }
}
