//! Integrals of smooth functions, by adaptive Gauss-Kronrod rules.

/// Nodes of the 15-point Kronrod rule on (0, 1); the rule is symmetric.
const NODES: [f64; 8] = [
    0.991_455_371_120_812_6,
    0.949_107_912_342_758_5,
    0.864_864_423_359_769_1,
    0.741_531_185_599_394_4,
    0.586_087_235_467_691_1,
    0.405_845_151_377_397_2,
    0.207_784_955_007_898_47,
    0.0,
];
const KRONROD: [f64; 8] = [
    0.022_935_322_010_529_224,
    0.063_092_092_629_978_56,
    0.104_790_010_322_250_18,
    0.140_653_259_715_525_92,
    0.169_004_726_639_267_9,
    0.190_350_578_064_785_4,
    0.204_432_940_075_298_9,
    0.209_482_141_084_727_82,
];
/// Weights of the 7-point Gauss rule at every second node.
const GAUSS: [f64; 4] = [
    0.129_484_966_168_869_7,
    0.279_705_391_489_276_64,
    0.381_830_050_505_118_9,
    0.417_959_183_673_469_4,
];
/// Halvings of an interval at most: beyond, a jump is confined to 2^-40 of the range.
const DEEPEST: u32 = 40;

/// The integral of a function over a finite interval.
///
/// * `from`, `to` - ends; a function with jumps or kinks is better given piece by piece
/// * `tolerance` - wanted absolute error; rounding leaves about 1e-15 of the integral of |f| besides
///
/// # Source
/// Piessens et al. (1983), QUADPACK: the pair of 7 and 15 points, with bisection.
pub fn integrate(f: impl Fn(f64) -> f64, from: f64, to: f64, tolerance: f64) -> f64 {
    let mut total = 0.0;
    let mut pieces = vec![(from, to, 0_u32)];
    while let Some((a, b, depth)) = pieces.pop() {
        let (value, error) = rule(&f, a, b);
        let share = tolerance * libm::exp2(-f64::from(depth) / 2.0);
        if error <= share.max(1e-15 * value.abs()) || depth >= DEEPEST {
            total += value;
        } else {
            let middle = 0.5 * (a + b);
            pieces.push((middle, b, depth + 1));
            pieces.push((a, middle, depth + 1));
        }
    }
    total
}

/// The 15-point rule on one piece, and how far the 7-point rule lies from it.
fn rule(f: &impl Fn(f64) -> f64, a: f64, b: f64) -> (f64, f64) {
    let (centre, half) = (0.5 * (a + b), 0.5 * (b - a));
    let middle = f(centre);
    let (mut fine, mut coarse) = (KRONROD[7] * middle, GAUSS[3] * middle);
    for i in 0..7 {
        let pair = f(centre - half * NODES[i]) + f(centre + half * NODES[i]);
        fine += KRONROD[i] * pair;
        if i % 2 == 1 {
            coarse += GAUSS[i / 2] * pair;
        }
    }
    (fine * half, ((fine - coarse) * half).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_piece_is_exact_for_polynomials_of_degree_22() {
        let (value, _) = rule(&|x: f64| x.powi(22), -1.0, 1.0);
        assert!((value - 2.0 / 23.0).abs() < 1e-15, "{value}");
        let gauss_too = integrate(|x| x.powi(12), 0.0, 1.0, 1e-12);
        assert!((gauss_too - 1.0 / 13.0).abs() < 1e-15, "{gauss_too}");
    }

    #[test]
    fn known_integrals_come_out() {
        let bell = integrate(|x| libm::exp(-x * x), -8.0, 8.0, 1e-12);
        assert!((bell - std::f64::consts::PI.sqrt()).abs() < 1e-12);
        let root = integrate(libm::sqrt, 0.0, 1.0, 1e-10);
        assert!((root - 2.0 / 3.0).abs() < 1e-10);
        let jump = integrate(|x| f64::from(x > 0.3), 0.0, 1.0, 1e-9);
        assert!((jump - 0.7).abs() < 1e-9);
        assert_eq!(integrate(|x| x, 2.0, 2.0, 1e-9), 0.0);
    }
}
