//! A scenario file made larger, longer or shorter.

use toml::{Table, Value};

/// How a scenario is changed before it is played.
pub struct Scale {
    /// Posts, referrals and opening cases are multiplied by it, in the same teams, >= 1.
    pub times: u32,
    /// So many services of that size side by side, each with its own areas and teams, >= 1.
    pub services: u32,
    /// Months reported; nothing: the file's own.
    pub months: Option<u32>,
    /// Months before them; nothing: the file's own.
    pub warm_up_months: Option<u32>,
}

impl Default for Scale {
    fn default() -> Scale {
        Scale {
            times: 1,
            services: 1,
            months: None,
            warm_up_months: None,
        }
    }
}

impl Scale {
    /// True where nothing changes.
    pub fn is_none(&self) -> bool {
        let size = self.times * self.services;
        size == 1 && self.months.is_none() && self.warm_up_months.is_none()
    }

    /// The text of a scenario, changed. Shares, means and limits stay as they are, so that a worker's day does.
    ///
    /// # Errors
    /// Why the text cannot be changed: it is no TOML, or it leaves its service to another file.
    pub fn apply(&self, text: &str) -> Result<String, String> {
        let mut file: Table = text.parse().map_err(|why| format!("no TOML: {why}"))?;
        if file.contains_key("like") {
            return Err(
                "a scenario that is like another cannot be scaled: name that one".to_owned(),
            );
        }
        for (key, months) in [
            ("months", self.months),
            ("warm_up_months", self.warm_up_months),
        ] {
            if let Some(months) = months {
                file.insert(key.to_owned(), Value::Integer(i64::from(months)));
            }
        }
        self.enlarge(&mut file)?;
        if self.services > 1 {
            self.set_side_by_side(&mut file)?;
        }
        toml::to_string(&file)
            .map_err(|why| format!("the scaled scenario cannot be written: {why}"))
    }

    fn enlarge(&self, file: &mut Table) -> Result<(), String> {
        let all = self.times * self.services;
        let referrals = file.get_mut("referrals").and_then(Value::as_table_mut);
        let families = referrals.and_then(|r| r.get_mut("families_per_month"));
        let families = families.ok_or("there is no referrals.families_per_month to scale")?;
        multiply(families, all)?;
        if let Some(closed) = file.get_mut("closed_lately_per_month") {
            multiply(closed, all)?;
        }
        if let Some(opening) = file.get_mut("opening").and_then(Value::as_table_mut) {
            // Either counts of the stages, or a total and shares of it.
            let has_total = opening.contains_key("total");
            let counts = opening.iter_mut();
            for (_, count) in counts.filter(|(key, _)| !has_total || *key == "total") {
                multiply(count, all)?;
            }
        }
        let posts = file.get_mut("posts").and_then(Value::as_array_mut);
        for group in posts.ok_or("there are no posts to scale")? {
            for key in ["count", "filled"] {
                if let Some(number) = group.get_mut(key) {
                    multiply(number, self.times)?;
                }
            }
        }
        Ok(())
    }

    /// Copies of every area, with its posts and its share of the referrals.
    fn set_side_by_side(&self, file: &mut Table) -> Result<(), String> {
        if file.contains_key("teams") {
            return Err("services side by side take a team for each area".to_owned());
        }
        let name = |area: &str, service: u32| format!("{area} {service}");
        let areas = file.get_mut("areas").and_then(Value::as_table_mut);
        let areas = areas.ok_or("services side by side take areas")?;
        let mut copies = Table::new();
        for service in 1..=self.services {
            for (area, share) in areas.iter() {
                let share = share
                    .as_float()
                    .ok_or("the share of an area is no number")?;
                let share = share / f64::from(self.services);
                copies.insert(name(area, service), share.into());
            }
        }
        *areas = copies;
        let posts = file.get_mut("posts").and_then(Value::as_array_mut);
        let posts = posts.ok_or("there are no posts")?;
        let groups = std::mem::take(posts);
        for service in 1..=self.services {
            for group in &groups {
                let mut group = group.clone();
                let team = group.get_mut("team").ok_or("posts without a team")?;
                *team = name(team.as_str().unwrap_or_default(), service).into();
                posts.push(group);
            }
        }
        Ok(())
    }
}

/// A number, or the value of a number that has evidence beside it.
fn multiply(value: &mut Value, times: u32) -> Result<(), String> {
    match value {
        Value::Integer(number) => *number *= i64::from(times),
        Value::Float(number) => *number *= f64::from(times),
        Value::Table(table) => {
            let inner = table.get_mut("value");
            multiply(
                inner.ok_or("a law of what is not known cannot be scaled")?,
                times,
            )?;
        }
        _ => return Err(format!("{value} cannot be scaled")),
    }
    Ok(())
}
