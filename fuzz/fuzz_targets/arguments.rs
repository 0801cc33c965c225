//! `cargo +nightly fuzz run --features coverage arguments`: guided by the code that an input reaches.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| casecap_fuzz::arguments(bytes));
