//! Laws: how long something takes, and which of several things it is.

/// A law of a positive quantity, most often a duration [days].
#[derive(Clone, Debug, PartialEq)]
pub enum Law {
    /// Always the same value.
    Fixed {
        /// The value.
        value: f64,
    },
    /// Exponential: memoryless.
    Exponential {
        /// Mean.
        mean: f64,
    },
    /// Gamma.
    Gamma {
        /// Shape [1].
        shape: f64,
        /// Scale; mean = shape x scale.
        scale: f64,
    },
    /// Lognormal: the logarithm is normal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm [1].
        sigma: f64,
    },
    /// Weibull.
    Weibull {
        /// Shape [1].
        shape: f64,
        /// Scale.
        scale: f64,
    },
    /// One of a list of values.
    Empirical {
        /// Values and their weights.
        values: Discrete<f64>,
    },
}

impl Law {
    /// A lognormal law by its mean and coefficient of variation.
    pub fn lognormal(mean: f64, cv: f64) -> Law {
        let variance = libm::log1p(cv * cv);
        Law::Lognormal {
            mu: libm::log(mean) - variance / 2.0,
            sigma: libm::sqrt(variance),
        }
    }

    /// A gamma law by its mean and coefficient of variation.
    pub fn gamma(mean: f64, cv: f64) -> Law {
        Law::Gamma {
            shape: 1.0 / (cv * cv),
            scale: mean * cv * cv,
        }
    }

    /// The mean, in the unit of the law.
    pub fn mean(&self) -> f64 {
        match self {
            Law::Fixed { value } => *value,
            Law::Exponential { mean } => *mean,
            Law::Gamma { shape, scale } => shape * scale,
            Law::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma / 2.0),
            Law::Weibull { shape, scale } => scale * libm::tgamma(1.0 + 1.0 / shape),
            Law::Empirical { values } => values.mean_by(|v| *v),
        }
    }

    /// True where the law always gives 0, so that the thing happens at once.
    pub fn is_zero(&self) -> bool {
        matches!(self, Law::Fixed { value } if *value == 0.0)
    }

    /// True where the law gives exactly 0 with a probability above 0, so that the thing may happen at once.
    pub fn may_be_zero(&self) -> bool {
        match self {
            Law::Empirical { values } => values.iter().any(|(value, p)| *value == 0.0 && p > 0.0),
            other => other.is_zero(),
        }
    }
}

/// A discrete law: one of a list of things, each with its probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Discrete<T> {
    items: Vec<T>,
    /// Running sums of the probabilities; the last is exactly 1.
    cumulative: Vec<f64>,
}

impl<T> Discrete<T> {
    /// * `weighted` - things with weights >= 0 that need not sum to 1: they are divided by their sum
    /// * returns - nothing if there is no positive weight, or one is negative or not finite
    pub fn new(weighted: Vec<(T, f64)>) -> Option<Discrete<T>> {
        let total: f64 = weighted.iter().map(|(_, w)| *w).sum();
        let is_proper = weighted.iter().all(|(_, w)| w.is_finite() && *w >= 0.0);
        if !is_proper || total <= 0.0 || !total.is_finite() {
            return None;
        }
        let mut items = Vec::with_capacity(weighted.len());
        let mut cumulative = Vec::with_capacity(weighted.len());
        let mut sum = 0.0;
        for (item, weight) in weighted.into_iter().filter(|(_, w)| *w > 0.0) {
            sum += weight / total;
            items.push(item);
            cumulative.push(sum);
        }
        if let Some(last) = cumulative.last_mut() {
            *last = 1.0;
        }
        Some(Discrete { items, cumulative })
    }

    /// A law with one possible outcome.
    pub fn certain(item: T) -> Discrete<T> {
        Discrete {
            items: vec![item],
            cumulative: vec![1.0],
        }
    }

    /// The thing that is certain; none where there is a choice.
    #[inline]
    pub fn only(&self) -> Option<&T> {
        match self.items.as_slice() {
            [item] => Some(item),
            _ => None,
        }
    }

    /// The thing that belongs to a uniform number.
    ///
    /// * `u` - a number in [0, 1)
    pub fn pick(&self, u: f64) -> &T {
        let at = self
            .cumulative
            .iter()
            .position(|c| u < *c)
            .unwrap_or(self.items.len() - 1);
        &self.items[at]
    }

    /// The things and their probabilities, those of probability 0 left out.
    pub fn iter(&self) -> impl Iterator<Item = (&T, f64)> {
        let before = std::iter::once(0.0).chain(self.cumulative.iter().copied());
        self.items
            .iter()
            .zip(self.cumulative.iter().zip(before))
            .map(|(item, (c, b))| (item, c - b))
    }

    /// The mean of a number that each thing has.
    pub fn mean_by(&self, number: impl Fn(&T) -> f64) -> f64 {
        self.iter().map(|(item, p)| p * number(item)).sum()
    }
}
