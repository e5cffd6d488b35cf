#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plan_action_fuzz::front_matter(bytes));
