//! Work done by a program beside this one (子程序), which is ended when it takes too long: what harms it harms nothing here.

use std::process::Child;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

/// What `ask` brings back, who alone holds the pipes of `program`; nothing once the patience is over. Then the program is
/// ended, so that whoever still reads from it comes to an end too.
///
/// # Errors
/// There is no thread to ask on, or it failed; the program is ended.
pub fn within<T: Send + 'static>(
    program: &mut Child,
    patience: Duration,
    ask: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>> {
    let (tell, told) = channel();
    let asking = thread::Builder::new().name("apart".to_owned()).spawn(move || drop(tell.send(ask())));
    let brought = match asking.map(|_| told.recv_timeout(patience)) {
        Ok(Ok(brought)) => return Ok(Some(brought)),
        Ok(Err(RecvTimeoutError::Timeout)) => Ok(None),
        Ok(Err(RecvTimeoutError::Disconnected)) => Err(anyhow!("whoever asked a program failed")),
        Err(error) => Err(error).context("no thread to ask a program on"),
    };
    // One that ended by itself just now is past ending.
    drop(program.kill());
    brought
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_program_that_answers_is_heard_and_one_that_does_not_is_ended() {
        let check = |command: &[&str], patience, expect: Option<&str>| {
            let mut program = Command::new(command[0]).args(&command[1..]).stdout(Stdio::piped()).spawn().unwrap();
            let mut words = program.stdout.take().unwrap();
            let heard = within(&mut program, patience, move || {
                let mut heard = String::new();
                words.read_to_string(&mut heard).map(|_| heard).unwrap()
            });
            assert_eq!(heard.unwrap().as_deref(), expect);
            assert_eq!(program.wait().unwrap().success(), expect.is_some());
        };
        check(&["echo", "一行"], Duration::from_secs(60), Some("一行\n"));
        check(&["tail", "-f", "/dev/null"], Duration::from_millis(20), None);
    }

    #[test]
    fn whoever_fails_while_asking_leaves_no_program_behind() {
        let mut program = Command::new("tail").args(["-f", "/dev/null"]).spawn().unwrap();
        assert!(within(&mut program, Duration::from_secs(60), || panic!("it fails")).map(|_: Option<()>| ()).is_err());
        assert!(!program.wait().unwrap().success());
    }
}
