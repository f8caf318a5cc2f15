# `just` lists, `just check` decides. The pipeline runs `.ci/run` and nothing else.

set shell := ["bash", "-euo", "pipefail", "-c"]

_default:
    @just --list

# everything the pipeline checks, exactly
[group('decide')]
check:
    bash .ci/run

# what takes long: benches beside their floors, and the slow cases of the property tests
[group('decide')]
long: bench
    PROPTEST_CASES=20000 cargo test --workspace --exclude pdf --release
    YIFA_KILLS=2000 cargo test --release -p yifa --test crash kill
    YIFA_TEST_ON=postgres cargo test -p yifa --test web --test crash
    bash tests/failover/yifa --runs 5

# how fast, beside floors measured in the same run (docs/speed.md); a quiet machine tells more
[group('decide')]
bench *ARGS:
    cargo bench --workspace {{ ARGS }}

# a nation of ten million entries on one PostgreSQL: some twenty minutes and twenty gigabytes
[group('decide')]
nation ENTRIES="10000000":
    cargo bench -p yifa --bench nation -- {{ ENTRIES }}

# what a township is given: the program, the press and the verifier in one archive (target/package)
[group('decide')]
package:
    bash .ci/package

# the tests
[group('work')]
test *ARGS:
    cargo test --workspace --exclude pdf {{ ARGS }}

# the tests on PostgreSQL, which they start themselves (Debian's `postgresql`); `.ci/run` runs those of stories and histories
[group('work')]
postgres *ARGS:
    YIFA_TEST_ON=postgres cargo test -p yifa --test story --test web --test crash --test histories --test lists --test writers {{ ARGS }}

# whole days in a real Chromium (`chromium`, `chromedriver`; axe-core by npm, as .ci/run fetches it)
[group('work')]
browser *ARGS:
    YIFA_AXE=$PWD/target/axe/node_modules/axe-core/axe.min.js cargo test -p yifa --features browser --test browser {{ ARGS }}

# two nodes of PostgreSQL, the primary killed during a stream of steps (Debian's patroni, etcd-server, etcd-client, postgresql-15; docs/failover.md)
[group('work')]
failover *ARGS:
    bash tests/failover/yifa {{ ARGS }}

# what is printed, measured on the pages (poppler-utils, LibreOffice; the press as `cargo run --release -p pdf -- add` builds it)
[group('work')]
paper *ARGS:
    cargo build --release -p pdf
    YIFA_PDF=$PWD/target/release/yifa-pdf cargo test -p yifa --features paper --test paper {{ ARGS }}

# what the code must not know, say or forget
[group('work')]
boundary:
    cargo test -p yifa --test boundary

# format and lint
[group('work')]
tidy:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- -D warnings

# look at changed snapshots one by one, and accept none unread
[group('work')]
review:
    cargo insta review

# the definitions and their cases, with a site's own folder laid over them
[group('data')]
definitions *FOLDER:
    cargo run -q -- definitions check {{ FOLDER }}

# count the articles of laws/ again from a folder of texts (docs/laws.md)
[group('data')]
outline TEXTS:
    cargo run -q -p engine --example outline -- {{ TEXTS }} laws

# a township to try everything on
[group('see')]
demo *ARGS:
    cargo run --release -- demo {{ ARGS }}

# the documentation of the code
[group('see')]
doc:
    cargo doc --workspace --no-deps --open
