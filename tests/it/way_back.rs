//! The way back: what people changed on GitHub is reported, and written into the plan.

mod drift;
mod import;
