//! Exit codes, and wrong usage that clap cannot detect.

use std::fmt;

/// How a command ended. An error that is not a [`WrongUsage`] ends it with the code of [`Exit::Failed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything is done.
    Done,
    /// The plan has errors, or something was refused or failed; the reason was printed.
    Failed,
    /// The command line asks for something impossible.
    WrongUsage,
    /// Changes are pending, and `--exit-code` was given.
    Pending,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::WrongUsage => 2,
            Self::Pending => 3,
        }
    }
}

/// The command line asks for something impossible in a way that clap cannot detect.
#[derive(Debug)]
pub struct WrongUsage(pub(super) String);

impl fmt::Display for WrongUsage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}
