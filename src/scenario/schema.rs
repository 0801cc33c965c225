//! The JSON Schema of a scenario file, so that editors complete and check it.

use serde_json::{Map, Value as Json, json};

use crate::metric::catalogue::{Better, CATALOGUE};
use crate::scenario::catalogue::{
    EVIDENCE, FILE, LAW, UNCERTAIN_IN_UNIT, UNCERTAIN_NAMES, UNCERTAIN_PURE,
};
use crate::scenario::counts::ITEMS_MAX;
use crate::scenario::key::{
    Bounds, EVIDENCE_GRADES, Key, Kind, Measure, Need, Of, SOURCE_KEYS, Section,
};
use crate::scenario::node::{Node, Value};
use crate::scenario::view::preset;
use crate::text::NAME_MAX;

/// The schema, in JSON Schema 2020-12, of the TOML file read as JSON (dates as texts).
pub fn json_schema() -> Json {
    let Json::Object(body) = section(&FILE) else {
        return Json::Null;
    };
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!("A casecap scenario"));
    schema.extend(body);
    if let Some(needs) = unless_like(needs(&FILE, false)) {
        schema.insert("anyOf".to_owned(), needs);
    }
    schema.insert("$defs".to_owned(), definitions());
    Json::Object(schema)
}

fn definitions() -> Json {
    let sourced = |value: Json| {
        let mut properties = Map::new();
        properties.insert("value".to_owned(), value);
        for key in SOURCE_KEYS {
            properties.insert(key.name.to_owned(), described(key));
        }
        json!({ "type": "object", "properties": properties, "required": ["value"], "additionalProperties": false })
    };
    let uncertain = |value: Json| {
        let mut properties = Map::new();
        properties.insert("law".to_owned(), json!({ "enum": UNCERTAIN_NAMES }));
        for name in UNCERTAIN_IN_UNIT {
            properties.insert((*name).to_owned(), value.clone());
        }
        for name in UNCERTAIN_PURE {
            properties.insert((*name).to_owned(), json!({ "type": "number" }));
        }
        properties.insert(
            "values".to_owned(),
            json!({ "type": "array", "items": value }),
        );
        // `beta` is both a shape and a law.
        for key in SOURCE_KEYS {
            properties.insert(key.name.to_owned(), described(key));
        }
        json!({ "type": "object", "properties": properties, "required": ["law"], "additionalProperties": false })
    };
    let number = json!({ "type": "number" });
    let time = json!({ "$ref": "#/$defs/time" });
    let length = json!({ "anyOf": [number, time] });
    json!({
        "metric": metric(),
        "time": {
            "type": "string",
            "pattern": "^ *[0-9.eE+]+ +(days?|weeks?|months?|years?) *$",
            "examples": ["8 days", "6 weeks", "3 months"]
        },
        "working_days": {
            "type": "string",
            "pattern": "^ *[0-9]+ +working days? *$",
            "examples": ["45 working days"]
        },
        "grade": { "enum": EVIDENCE_GRADES },
        "sourced_number": sourced(number.clone()),
        "uncertain_number": uncertain(number),
        "sourced_time": sourced(time.clone()),
        "uncertain_time": uncertain(time),
        "sourced_length": sourced(length.clone()),
        "uncertain_length": uncertain(length),
        "law": section(&LAW),
    })
}

/// A text that begins with the name of a metric, each with what it is.
fn metric() -> Json {
    let each = CATALOGUE.iter().map(|d| {
        let better = match d.better {
            Better::Neither => "neither way better".to_owned(),
            better => format!("{} is better", better.word()),
        };
        json!({
            "pattern": format!("^[ '\"]*{}([ '\"]|$)", d.key),
            "title": format!("{} [{}]", d.key, d.unit),
            "description": format!(
                "{} Of {}. {better}; published to {}; {} where there is none.",
                d.definition, d.population, d.rounding().words(), d.missing()
            )
        })
    });
    json!({ "type": "string", "anyOf": each.collect::<Vec<Json>>() })
}

fn described(key: &Key) -> Json {
    let mut schema = kind(&key.kind);
    if let Json::Object(map) = &mut schema {
        map.insert("description".to_owned(), json!(key.help));
        if let Need::Preset(held) | Need::PresetBeside(_, held) = key.need
            && let Some(node) = preset(held.value)
        {
            map.insert("default".to_owned(), plain(&node));
        }
    }
    schema
}

fn section(section: &Section) -> Json {
    let mut properties = Map::new();
    for key in section.all_keys() {
        properties.insert(key.name.to_owned(), described(key));
    }
    let rest = match &section.rest {
        Some(rest) => kind(&rest.kind),
        None => json!(false),
    };
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Json::Object(properties));
    schema.insert("additionalProperties".to_owned(), rest);
    // Names that are given here.
    if section.rest.as_ref().is_some_and(|rest| rest.of.is_none())
        && !std::ptr::eq(section, &EVIDENCE)
    {
        let length = json!({ "minLength": 1, "maxLength": NAME_MAX });
        schema.insert("propertyNames".to_owned(), length);
    }
    Json::Object(schema)
}

/// What is like another may leave out what it inherits, at any depth.
fn unless_like(needs: Option<Json>) -> Option<Json> {
    needs.map(|needs| json!([{ "required": ["like"] }, needs]))
}

/// Which keys must stand in a section and in those within it; nothing where none must.
///
/// * `is_overlay` - it says only what differs from what held before
fn needs(section: &'static Section, is_overlay: bool) -> Option<Json> {
    let must = |key: &&Key| matches!(key.need, Need::Required) && !is_overlay;
    let required: Vec<&str> = section.keys.iter().filter(must).map(|k| k.name).collect();
    let is_overlay = is_overlay || section.is_overlay;
    let properties: Map<String, Json> = section
        .keys
        .iter()
        .filter_map(|key| Some((key.name.to_owned(), needs_of(&key.kind, is_overlay)?)))
        .collect();
    let rest = section.rest.as_ref();
    let rest = rest.and_then(|rest| needs_of(&rest.kind, is_overlay));
    let mut schema = Map::new();
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    if let Some(rest) = rest {
        // Without the names of the fixed keys beside it, it would speak of those too.
        let fixed = section.all_keys().map(|k| (k.name.to_owned(), json!({})));
        let fixed: Map<String, Json> = fixed.chain(properties).collect();
        schema.insert("properties".to_owned(), Json::Object(fixed));
        schema.insert("additionalProperties".to_owned(), rest);
    } else if !properties.is_empty() {
        schema.insert("properties".to_owned(), Json::Object(properties));
    }
    (!schema.is_empty()).then_some(Json::Object(schema))
}

fn needs_of(kind: &'static Kind, is_overlay: bool) -> Option<Json> {
    match kind {
        Kind::Table(section) if section.key("like").is_some() => {
            unless_like(needs(section, is_overlay)).map(|either| json!({ "anyOf": either }))
        }
        Kind::Table(section) => needs(section, is_overlay),
        // A list is replaced whole.
        Kind::List(inner) => needs_of(inner, false).map(|items| json!({ "items": items })),
        Kind::Either(one, other) => {
            needs_of(one, is_overlay).or_else(|| needs_of(other, is_overlay))
        }
        _ => None,
    }
}

fn bounded(bounds: &Bounds) -> Json {
    let least = if bounds.above {
        "exclusiveMinimum"
    } else {
        "minimum"
    };
    json!({ "type": "number", least: bounds.low, "maximum": bounds.high })
}

fn kind(of: &Kind) -> Json {
    match of {
        Kind::Text | Kind::Name(_) => json!({ "type": "string" }),
        Kind::Target => json!({ "$ref": "#/$defs/metric" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Month => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{1,2}(-[0-9]{2})?$" }),
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Whole(low, high) => json!({
            "anyOf": [
                { "type": "integer", "minimum": low, "maximum": high },
                { "$ref": "#/$defs/sourced_number" }
            ]
        }),
        Kind::Number(bounds) => json!({
            "anyOf": [
                bounded(bounds),
                { "$ref": "#/$defs/sourced_number" },
                { "$ref": "#/$defs/uncertain_number" }
            ]
        }),
        Kind::Duration(_) => json!({
            "anyOf": [
                { "$ref": "#/$defs/time" },
                { "$ref": "#/$defs/sourced_time" },
                { "$ref": "#/$defs/uncertain_time" }
            ]
        }),
        Kind::WorkingDays => json!({ "$ref": "#/$defs/working_days" }),
        Kind::Law(Measure::Days) => json!({
            "anyOf": [
                { "$ref": "#/$defs/time" },
                { "$ref": "#/$defs/law" }
            ]
        }),
        Kind::Law(Measure::Months) => json!({
            "anyOf": [
                { "type": "number", "minimum": 0 },
                { "$ref": "#/$defs/time" },
                { "$ref": "#/$defs/law" }
            ]
        }),
        Kind::Shares(of) => {
            let single = match of {
                Of::Size => json!({ "type": "integer" }),
                _ => json!({ "type": "string" }),
            };
            let share = kind(&Kind::Number(Bounds {
                low: 0.0,
                above: false,
                high: 1.0,
                unit: "",
            }));
            json!({ "anyOf": [single, { "type": "object", "additionalProperties": share }] })
        }
        Kind::Names(_) => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Season => {
            let number = kind(&Kind::Number(Bounds {
                low: 0.0,
                above: false,
                high: 100.0,
                unit: "",
            }));
            let months: Map<String, Json> = crate::scenario::season::short_months()
                .map(|m| (m, number.clone()))
                .collect();
            json!({
                "anyOf": [
                    { "type": "object", "properties": months, "additionalProperties": false },
                    { "type": "array", "items": number, "minItems": 12, "maxItems": 12 }
                ]
            })
        }
        Kind::Range => json!({
            "type": "array",
            "items": { "anyOf": [{ "type": "number" }, { "$ref": "#/$defs/time" }] },
            "minItems": 2,
            "maxItems": 2
        }),
        Kind::Table(inner) => section(inner),
        Kind::List(inner) => {
            json!({ "type": "array", "items": kind(inner), "maxItems": ITEMS_MAX })
        }
        Kind::Either(one, other) => json!({ "anyOf": [kind(one), kind(other)] }),
    }
}

/// A tree as JSON, dates as texts.
fn plain(node: &Node) -> Json {
    match &node.value {
        Value::Text(text) => json!(text),
        Value::Whole(number) => json!(number),
        Value::Number(number) => json!(number),
        Value::Flag(flag) => json!(flag),
        Value::Date(date) => json!(date.to_string()),
        Value::Time => Json::Null,
        Value::List(list) => Json::Array(list.iter().map(plain).collect()),
        Value::Table(table) => {
            let entries = table.entries.iter();
            Json::Object(entries.map(|e| (e.key.clone(), plain(&e.node))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::node;
    use crate::scenario::starter::starter;

    fn shipped() -> Vec<(String, String)> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut files = vec![("starter".to_owned(), starter().to_owned())];
        for folder in ["", "reference", "caps", "policies", "theory", "coverage"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|e| e == "toml") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    files.push((path.display().to_string(), text));
                }
            }
        }
        files
    }

    fn json_of(text: &str) -> Json {
        let table = node::parse(0, text).unwrap();
        let span = crate::scenario::problem::Span {
            source: 0,
            begin: 0,
            end: 0,
        };
        plain(&Node {
            span,
            value: Value::Table(table),
        })
    }

    #[test]
    fn every_shipped_scenario_keeps_to_the_schema() {
        let validator = jsonschema::draft202012::new(&json_schema()).unwrap();
        let files = shipped();
        assert!(files.len() >= 5, "{} files", files.len());
        for (name, text) in files {
            let instance = json_of(&text);
            let errors: Vec<String> = validator
                .iter_errors(&instance)
                .map(|e| format!("{} at {}", e, e.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
    }

    /// `cargo run -- schema > scenarios/casecap.schema.json` renews it.
    #[test]
    fn the_shipped_schema_is_the_one_of_this_program() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path.join("scenarios/casecap.schema.json")).unwrap();
        let shipped: Json = serde_json::from_str(&text).unwrap();
        assert!(
            shipped == json_schema(),
            "the shipped schema is not the current one"
        );
    }

    #[test]
    fn a_misspelt_metric_breaks_the_schema_and_every_metric_keeps_it() {
        let validator = jsonschema::draft202012::new(&json_schema()).unwrap();
        let with = |key: &str| format!("targets = [\"{key} < 1 at 2026-06-30\"]\n{}", starter());
        for definition in &CATALOGUE {
            assert!(
                validator.is_valid(&json_of(&with(definition.key))),
                "{}",
                definition.key
            );
        }
        assert!(!validator.is_valid(&json_of(&with("caseload_men"))));
        assert!(!validator.is_valid(&json_of(&with("caseload_mean_of_all"))));
    }

    #[test]
    fn a_misspelt_key_breaks_the_schema() {
        let validator = jsonschema::draft202012::new(&json_schema()).unwrap();
        let text = starter().replace("families_per_month", "familys_per_month");
        assert!(!validator.is_valid(&json_of(&text)));
    }

    #[test]
    fn only_what_starts_from_something_may_leave_out_what_it_needs() {
        let validator = jsonschema::draft202012::new(&json_schema()).unwrap();
        let is_valid = |text: &str| validator.is_valid(&json_of(text));
        let referrals = "[referrals]\nfamilies_per_month = 9\n";
        assert!(is_valid(&format!("like = \"base.toml\"\n{referrals}")));
        assert!(!is_valid(referrals));
        let part = "threshold = { screened_out = 0.5 }\n";
        let policy = |text: &str| format!("{}[policies.p]\n{text}", starter());
        assert!(is_valid(&policy(&format!("like = \"no limit\"\n{part}"))));
        assert!(!is_valid(&policy(part)));
        let change = "[[policies.p.change]]\nfrom = 2026-10-01\n";
        assert!(is_valid(&policy(&format!("{change}{part}"))));
        assert!(!is_valid(&policy(&format!(
            "[[policies.p.change]]\n{part}"
        ))));
        let mix = "limit = { mix = [{ most = 2 }] }\n";
        assert!(!is_valid(&policy(&format!("{change}{mix}"))));
        assert!(is_valid(&policy("manager_holds = 3\n")));
        assert!(!is_valid(&policy("manager_holds = { speed = 0.1 }\n")));
    }

    fn same_keys(section: &Section, schema: &Json, path: &str) {
        let properties = schema["properties"].as_object().unwrap();
        let mut known: Vec<&str> = section.all_keys().map(|k| k.name).collect();
        let mut shown: Vec<&str> = properties.keys().map(String::as_str).collect();
        known.sort_unstable();
        shown.sort_unstable();
        assert_eq!(known, shown, "{path}");
        for key in section.all_keys() {
            same_kind(
                &key.kind,
                &properties[key.name],
                &format!("{path}.{}", key.name),
            );
        }
        match &section.rest {
            Some(rest) => same_kind(&rest.kind, &schema["additionalProperties"], path),
            None => assert_eq!(schema["additionalProperties"], json!(false), "{path}"),
        }
    }

    fn same_kind(kind: &Kind, schema: &Json, path: &str) {
        match kind {
            Kind::Table(section) => same_keys(section, schema, path),
            Kind::List(inner) => same_kind(inner, &schema["items"], path),
            Kind::Either(one, other) => {
                same_kind(one, &schema["anyOf"][0], path);
                same_kind(other, &schema["anyOf"][1], path);
            }
            _ => {}
        }
    }

    #[test]
    fn the_schema_has_the_keys_of_the_catalogue_and_no_others() {
        same_keys(&FILE, &json_schema(), "");
    }
}
