//! Hostile texts in every position where untrusted text enters, and checks of every place where it comes out.
//! `.github/docs/hostile-texts.md` lists both.

mod corpus;
mod github;
mod markdown;
mod matrix;
mod plans;
mod printed;
mod runner;
mod token;
