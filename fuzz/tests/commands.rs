//! Whole commands at random, as typed: no panic, no signal, an exit code that is promised, and an end.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use casecap_fuzz::{SCENARIOS, mutated, program};

/// Seconds that a command may take before it counts as one that does not end.
const LONGEST: Duration = Duration::from_secs(60);

const COMMANDS: [&str; 10] = [
    "check\nfuzz.toml",
    "run\nfuzz.toml\n--replications\n3\n--quiet",
    "compare\nfuzz.toml\n--replications\n3\n--until\nunallocated +- 1",
    "sweep\nfuzz.toml\n--vary\nlimit.value=12:20:4\n--replications\n2\n--dry-run",
    "guideline\nfuzz.toml\n--vary\nlimit.value=12:20:4\n--require\nunallocated <= 5 in every month with 80%\n--budget\n64",
    "sensitivity\nfuzz.toml\n--rows\n4\n--replications\n1\n--metric\nunallocated",
    "report\nout",
    "evidence\nout",
    "metrics",
    "new\nother.toml",
];

/// xorshift64*: the same numbers at each run of a seed.
fn next(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_f491_4f6c_dd1d)
}

#[test]
fn whole_commands() {
    let number = |name: &str, usual: u64| {
        let said = env::var(name).ok().and_then(|text| text.parse().ok());
        said.unwrap_or(usual)
    };
    let seconds = Duration::from_millis(number("BOLERO_RANDOM_TEST_TIME_MS", 1000));
    let mut state = number("FUZZ_SEED", 1).max(1);
    let began = Instant::now();
    let mut done = 0;
    while began.elapsed() < seconds {
        let length = next(&mut state) as usize % 24;
        let bytes: Vec<u8> = (0..length)
            .map(|_| (next(&mut state) >> 32) as u8)
            .collect();
        let (of_scenario, of_command) = bytes.split_at(length / 2);
        let home = tempfile::tempdir().unwrap();
        // Each argument stands in a line; a third of the commands are as they should be.
        let command = match next(&mut state) % 3 {
            0 => mutated(&COMMANDS, &of_command[..of_command.len().min(2)]),
            _ => mutated(&COMMANDS, of_command),
        };
        let scenario = mutated(&SCENARIOS, of_scenario);
        fs::write(home.path().join("fuzz.toml"), &scenario).unwrap();
        let arguments = command.lines().map(|word| word.replace('\0', ""));
        let mut child = Command::new(program())
            .args(arguments)
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(home.path().join("stderr")).unwrap())
            .spawn()
            .unwrap();
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if started.elapsed() > LONGEST {
                child.kill().unwrap();
                let _ = child.wait();
                panic!("no end after {LONGEST:?}: {command}\n--- fuzz.toml\n{scenario}");
            }
            std::thread::park_timeout(Duration::from_millis(2));
        };
        let said = fs::read(home.path().join("stderr")).unwrap();
        let said = String::from_utf8_lossy(&said);
        let is_promised = matches!(status.code(), Some(0..=2)) && !said.contains("panicked");
        assert!(
            is_promised,
            "{status}: {said}\n--- command\n{command}\n--- fuzz.toml\n{scenario}"
        );
        done += 1;
    }
    assert!(done > 0);
}
