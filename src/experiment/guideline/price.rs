//! What more posts cost.

use crate::scenario::document::Document;
use crate::scenario::sections::Scenario;

/// Posts and money against the scenario as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Posts more than in the file; below 0: fewer.
    pub posts: i64,
    /// What they cost a year, were all of them filled [currency a year]; nothing where a price is not said.
    pub a_year: Option<f64>,
}

/// Posts and money of a setting against those of the scenario as it is.
///
/// The money is salary and on-costs (`cost_per_year` of the grade) of the posts themselves, not what the service then
/// spends: vacancies, agency and hiring are left out.
pub fn price(before: &Document, after: &Document) -> Price {
    let (old, new) = (before.scenario(), after.scenario());
    let grades = new.grades.len();
    let more = |grade: usize| posts(new, grade) as i64 - posts(old, grade) as i64;
    let all: Vec<i64> = (0..grades).map(more).collect();
    let money = all.iter().zip(&new.grades).map(|(more, grade)| match more {
        0 => Some(0.0),
        more => grade.cost_per_year.map(|each| each * *more as f64),
    });
    Price {
        posts: all.iter().sum(),
        a_year: money.sum(),
    }
}

fn posts(scenario: &Scenario, grade: usize) -> usize {
    let own = scenario.posts.iter().filter(|group| group.grade == grade);
    own.map(|group| group.count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::starter::starter;
    use crate::scenario::vary::amount::Amount;
    use crate::scenario::vary::setting::Setting;

    #[test]
    fn posts_have_a_price_where_their_grade_has_one() {
        let more = [Setting {
            key: "posts.worker.count".to_owned(),
            amount: Amount::To(9.0),
        }];
        for (line, a_year) in [("", None), ("cost_per_year = 60000\n", Some(180_000.0))] {
            let text =
                starter().replacen("[grades.worker]\n", &format!("[grades.worker]\n{line}"), 1);
            let before = Document::parse("a", &text).unwrap();
            let today = posts(before.scenario(), 0);
            let after = before.varied(&more).unwrap();
            let price = price(&before, &after);
            assert_eq!(price.posts, 9 - today as i64);
            let each = a_year.map(|all| all / 3.0 * price.posts as f64);
            assert_eq!(price.a_year, each, "{today}");
        }
    }
}
