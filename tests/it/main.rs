//! Integration tests: the built program on real files, and the library against the GitHub double. One module for each
//! subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails here has failed")]

mod action_yml;
mod actions;
mod bad_input;
mod canary;
mod check;
mod co_ownership;
mod common;
mod dialects;
mod double;
mod figures;
mod footers;
mod gates;
mod generated;
mod github;
mod hostile;
mod house;
mod identity;
mod labels;
mod leaving;
mod main_job;
mod markers;
mod messages;
mod output;
mod pages;
mod people;
mod properties;
mod reading;
mod requests;
mod signals;
mod spans;
mod terminal;
mod way_back;
mod wild;
mod wire;
mod workflows;
