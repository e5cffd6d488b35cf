//! Texts that want to be something else than text, in every position where other people's text comes from, and what
//! every place that they are written to must look like afterwards. `.github/docs/hostile-texts.md` is the table.

mod corpus;
mod github;
mod markdown;
mod matrix;
mod plans;
mod printed;
mod runner;
mod token;
