//! Laws of times as written.

use crate::model::calendar::DAYS_PER_MONTH;
use crate::model::law::{Discrete, Law};
use crate::scenario::catalogue::{LAW_NAMES, LONGEST_DAYS};
use crate::scenario::key::{Bounds, Measure, nearest};
use crate::scenario::node::{Node, Table};
use crate::scenario::problem::Span;
use crate::scenario::quantity::{Complaint, Reader, Unit, bounded, duration_bounds, positive};
use crate::theory::survival::gamma_median_large;

impl Reader<'_> {
    /// A law of a time, or one time.
    ///
    /// * returns - in the unit of the measure; nothing where there is a complaint
    pub fn law(
        &self,
        node: &Node,
        measure: Measure,
        path: &str,
        complaints: &mut Vec<Complaint>,
    ) -> Option<Law> {
        let unit = Unit::from(measure);
        let longest = duration_bounds(match measure {
            Measure::Days => LONGEST_DAYS,
            Measure::Months => LONGEST_DAYS / DAYS_PER_MONTH,
        });
        let Some(table) = node.as_table().filter(|t| t.get("law").is_some()) else {
            let value = self.number(node, unit, &longest, path, complaints)?;
            return Some(Law::Fixed { value });
        };
        let name_node = table.get("law")?;
        let name = name_node.as_text().unwrap_or_default();
        let parameters = [
            "value", "mean", "median", "cv", "shape", "scale", "mu", "sigma", "values", "weights",
            "file",
        ];
        let given: Vec<&str> = parameters
            .into_iter()
            .filter(|p| table.get(p).is_some())
            .collect();
        let Some(ways) = ways_to_say(name) else {
            let names = LAW_NAMES.iter().copied();
            complaints.push(Complaint {
                span: name_node.span,
                what: format!("\"{name}\" is not a law of a time"),
                remedy: match nearest(name, names) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None => format!("the laws are {}", LAW_NAMES.join(", ")),
                },
            });
            return None;
        };
        if !ways.contains(&given.as_slice()) {
            let ways: Vec<String> = ways.iter().map(|way| way.join(" and ")).collect();
            complaints.push(Complaint {
                span: node.span,
                what: if given.is_empty() {
                    format!("a law that is {name} needs its parameters")
                } else {
                    format!(
                        "a law that is {name} is not given by {}",
                        given.join(" and ")
                    )
                },
                remedy: format!("give {}", ways.join(", or ")),
            });
            return None;
        }
        if name == "empirical" {
            return self.empirical(table, unit, &longest, complaints);
        }
        let mut part = |key: &str| -> Option<f64> {
            let (unit, bounds) = match key {
                "cv" => (Unit::Pure, positive(100.0)),
                "shape" => (Unit::Pure, positive(1e4)),
                "mu" => (
                    Unit::Pure,
                    Bounds {
                        low: -50.0,
                        above: false,
                        high: 50.0,
                        unit: "",
                    },
                ),
                "sigma" => (Unit::Pure, plain(10.0)),
                "value" => (unit, longest),
                _ => (unit, positive(longest.high)),
            };
            let inner = format!("{path}.{key}");
            self.number(table.get(key)?, unit, &bounds, &inner, complaints)
        };
        match (name, given.as_slice()) {
            ("fixed", _) => Some(Law::Fixed {
                value: part("value")?,
            }),
            ("exponential", ["mean"]) => Some(Law::Exponential {
                mean: part("mean")?,
            }),
            ("exponential", _) => Some(Law::Exponential {
                mean: part("median")? / std::f64::consts::LN_2,
            }),
            ("gamma", ["shape", "scale"]) => {
                let (shape, scale) = (part("shape"), part("scale"));
                Some(Law::Gamma {
                    shape: shape?,
                    scale: scale?,
                })
            }
            ("gamma", [middle, _]) => {
                let (middle_value, cv) = (part(middle), part("cv"));
                let unit_mean = Law::gamma(1.0, cv?);
                match *middle {
                    "mean" => Some(Law::gamma(middle_value?, cv?)),
                    _ => Some(Law::gamma(middle_value? / gamma_median(&unit_mean)?, cv?)),
                }
            }
            ("lognormal", ["mu", "sigma"]) => {
                let (mu, sigma) = (part("mu"), part("sigma"));
                Some(Law::Lognormal {
                    mu: mu?,
                    sigma: sigma?,
                })
            }
            ("lognormal", ["mean", _]) => {
                let (mean, cv) = (part("mean"), part("cv"));
                Some(Law::lognormal(mean?, cv?))
            }
            ("lognormal", _) => {
                let (median, cv) = (part("median"), part("cv"));
                let cv = cv?;
                Some(Law::Lognormal {
                    mu: libm::log(median?),
                    sigma: libm::sqrt(libm::log1p(cv * cv)),
                })
            }
            ("weibull", ["shape", "scale"]) => {
                let (shape, scale) = (part("shape"), part("scale"));
                Some(Law::Weibull {
                    shape: shape?,
                    scale: scale?,
                })
            }
            ("weibull", [middle, _]) => {
                let (middle_value, cv) = (part(middle), part("cv"));
                let shape = weibull_shape(cv?);
                let unit_middle = match *middle {
                    "mean" => libm::tgamma(1.0 + 1.0 / shape),
                    _ => libm::pow(std::f64::consts::LN_2, 1.0 / shape),
                };
                Some(Law::Weibull {
                    shape,
                    scale: middle_value? / unit_middle,
                })
            }
            _ => None,
        }
    }

    fn empirical(
        &self,
        table: &Table,
        unit: Unit,
        bounds: &Bounds,
        complaints: &mut Vec<Complaint>,
    ) -> Option<Law> {
        if let Some(node) = table.get("file") {
            let path = self.library.beside(node.span.source, node.as_text()?);
            let source = self.library.find(&path)?;
            let values = self.column(source, bounds, complaints)?;
            let weighted = values.into_iter().map(|v| (v, 1.0)).collect();
            return Some(Law::Empirical {
                values: Discrete::new(weighted)?,
            });
        }
        let node = table.get("values")?;
        let wrong = |span: Span, what: &str, remedy: &str| Complaint {
            span,
            what: what.to_owned(),
            remedy: remedy.to_owned(),
        };
        let Some(list) = node.as_list().filter(|l| !l.is_empty()) else {
            complaints.push(wrong(
                node.span,
                "an empirical law needs a list of values",
                "write values = [\"10 days\", \"20 days\"]",
            ));
            return None;
        };
        let values: Vec<f64> = list
            .iter()
            .filter_map(|item| bounded(item, unit, bounds, complaints))
            .collect();
        let weights = match table.get("weights") {
            None => vec![1.0; list.len()],
            Some(node) => {
                let weights = node.as_list().unwrap_or_default();
                if weights.len() != list.len() {
                    complaints.push(wrong(
                        node.span,
                        "there must be as many weights as values",
                        "give one weight for each value, or none at all",
                    ));
                    return None;
                }
                weights
                    .iter()
                    .filter_map(|w| bounded(w, Unit::Pure, &plain(1e12), complaints))
                    .collect()
            }
        };
        if values.len() != list.len() || weights.len() != list.len() {
            return None;
        }
        let span = node.span;
        let law = Discrete::new(values.into_iter().zip(weights).collect());
        if law.is_none() {
            complaints.push(wrong(
                span,
                "all weights of this law are 0",
                "give at least one value a weight",
            ));
        }
        Some(Law::Empirical { values: law? })
    }

    /// A CSV of one column of numbers; a first line that is no number is its heading.
    fn column(
        &self,
        source: usize,
        bounds: &Bounds,
        complaints: &mut Vec<Complaint>,
    ) -> Option<Vec<f64>> {
        let text = &self.library.sources.get(source)?.text;
        let mut values = Vec::new();
        let mut at = 0;
        for (row, line) in text.split_inclusive('\n').enumerate() {
            let written = line.trim();
            let number: Result<f64, _> = written.parse();
            match number {
                Ok(value) if value >= bounds.low && value <= bounds.high => values.push(value),
                Err(_) if row == 0 || written.is_empty() => {}
                _ => {
                    complaints.push(Complaint {
                        span: Span {
                            source,
                            begin: at,
                            end: at + line.trim_end().len(),
                        },
                        what: format!(
                            "\"{written}\" is not a number of days from 0 to {}",
                            bounds.high
                        ),
                        remedy: "the file must have one column of numbers".to_owned(),
                    });
                    return None;
                }
            }
            at += line.len();
        }
        if values.is_empty() {
            complaints.push(Complaint {
                span: Span {
                    source,
                    begin: 0,
                    end: 0,
                },
                what: "this list holds no number".to_owned(),
                remedy: "write one number of days on each line".to_owned(),
            });
            return None;
        }
        Some(values)
    }
}

/// Bounds of a number without a unit, 0 or more.
const fn plain(high: f64) -> Bounds {
    Bounds {
        above: false,
        ..positive(high)
    }
}

/// The sets of parameters that give a law of a time, each in the order of the catalogue.
fn ways_to_say(name: &str) -> Option<&'static [&'static [&'static str]]> {
    Some(match name {
        "fixed" => &[&["value"]],
        "exponential" => &[&["mean"], &["median"]],
        "gamma" | "weibull" => &[&["mean", "cv"], &["median", "cv"], &["shape", "scale"]],
        "lognormal" => &[&["mean", "cv"], &["median", "cv"], &["mu", "sigma"]],
        "empirical" => &[&["values"], &["values", "weights"], &["file"]],
        _ => return None,
    })
}

/// Median of a gamma law of mean 1.
fn gamma_median(law: &Law) -> Option<f64> {
    use statrs::distribution::{ContinuousCDF, Gamma};
    let Law::Gamma { shape, scale } = law else {
        return None;
    };
    if let Some(median) = gamma_median_large(*shape) {
        return Some(median * scale);
    }
    let median = Gamma::new(*shape, 1.0 / scale).ok()?.inverse_cdf(0.5);
    (median.is_finite() && median > 0.0).then_some(median)
}

/// Shape of the Weibull law of a coefficient of variation, by bisection: it falls as the shape grows.
fn weibull_shape(cv: f64) -> f64 {
    let squared = |shape: f64| {
        let log_mean = libm::lgamma(1.0 + 1.0 / shape);
        libm::expm1(libm::lgamma(1.0 + 2.0 / shape) - 2.0 * log_mean)
    };
    let (mut low, mut high) = (0.05, 1e4);
    for _ in 0..200 {
        let middle = libm::sqrt(low * high);
        if squared(middle) > cv * cv {
            low = middle;
        } else {
            high = middle;
        }
    }
    libm::sqrt(low * high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_have_no_unit() {
        use crate::scenario::document::Document;
        use crate::scenario::starter::starter;
        let law = "work = { law = \"lognormal\", mean = \"150 days\", cv = 1.0 }";
        assert!(starter().contains(law));
        let listed = "work = { law = \"empirical\", values = [\"9 days\", \"2 days\"], weights = [1e13, 1] }";
        let problems = Document::parse("mine", &starter().replace(law, listed)).unwrap_err();
        let problem = problems.iter().next().unwrap();
        assert!(
            problem.what.contains("at most 1000000000000, and"),
            "{problems}"
        );
        assert!(!problem.remedy.contains("days"), "{problems}");
    }

    #[test]
    fn a_weibull_law_has_the_coefficient_of_variation_that_was_asked() {
        for cv in [0.1, 0.5, 1.0, 2.0, 5.0] {
            let shape = weibull_shape(cv);
            let mean = libm::tgamma(1.0 + 1.0 / shape);
            let square = libm::tgamma(1.0 + 2.0 / shape);
            let found = libm::sqrt(square / (mean * mean) - 1.0);
            assert!((found / cv - 1.0).abs() < 1e-6, "{cv}: {found}");
        }
        assert!((weibull_shape(1.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn an_exponential_law_is_a_gamma_law_of_shape_1_with_median_ln_2() {
        let median = gamma_median(&Law::gamma(1.0, 1.0)).unwrap();
        assert!((median - std::f64::consts::LN_2).abs() < 1e-9, "{median}");
    }
}
