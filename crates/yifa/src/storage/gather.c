/*
 * Gathers what SQLite writes to its write-ahead log into one write for each flush.
 *
 * SQLite writes every page of a commit, and the 24 bytes before it, by a call of its own, and then flushes the file.
 * On a fast disk the calls cost as much as the flush (docs/why/012-gathered-log.md). Here they are kept in memory until
 * SQLite asks for the flush, reads the file, or writes elsewhere in it; then they go out in one call, in order.
 *
 * Why nothing is lost by it: with synchronous=FULL, which open_writer sets, SQLite flushes the log before it tells
 * readers of a commit and before it reports one. Nobody knows of bytes that are still held here. A write that fails
 * fails at the flush instead, and the commit with it.
 *
 * Everything else is the machine's own VFS (https://sqlite.org/vfs.html#vfs_shims).
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* A commit of one step fits twice; a longer one goes out in pieces. SQLite's own VFS takes less than 128 KB at a time. */
#define ROOM (1 << 16)

/* A log file; the machine's own file lies behind it in the same block. */
typedef struct {
  sqlite3_file base;
  unsigned char *held;     /* ROOM bytes, or null before the first write */
  int count;               /* how many are held */
  sqlite3_int64 from;      /* where in the file the first of them belongs */
} Log;

static sqlite3_vfs *machine; /* the VFS that does the work */

static sqlite3_file *own(sqlite3_file *file) {
  return (sqlite3_file *)((Log *)file + 1);
}

/* Writes what is held. What could not be written is given up with the commit it belongs to. */
static int let_go(sqlite3_file *file) {
  Log *log = (Log *)file;
  int count = log->count;
  log->count = 0;
  return count ? own(file)->pMethods->xWrite(own(file), log->held, count, log->from) : SQLITE_OK;
}

static int log_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 at) {
  Log *log = (Log *)file;
  int follows = at == log->from + log->count && count <= ROOM - log->count;
  if (log->count && !follows) {
    int failed = let_go(file);
    if (failed) return failed;
  }
  if (!log->held && !(log->held = malloc(ROOM))) return SQLITE_NOMEM;
  if (count > ROOM) return own(file)->pMethods->xWrite(own(file), bytes, count, at);
  if (!log->count) log->from = at;
  memcpy(log->held + log->count, bytes, count);
  log->count += count;
  return SQLITE_OK;
}

static int log_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 at) {
  /* A full disk found while reading must end the whole transaction: its early pages are lost. SQLite takes back only the
   * statement for SQLITE_FULL, and everything for this. */
  if (let_go(file)) return SQLITE_IOERR_READ;
  return own(file)->pMethods->xRead(own(file), bytes, count, at);
}

static int log_truncate(sqlite3_file *file, sqlite3_int64 size) {
  int failed = let_go(file);
  return failed ? failed : own(file)->pMethods->xTruncate(own(file), size);
}

static int log_sync(sqlite3_file *file, int flags) {
  int failed = let_go(file);
  return failed ? failed : own(file)->pMethods->xSync(own(file), flags);
}

static int log_size(sqlite3_file *file, sqlite3_int64 *size) {
  int failed = let_go(file);
  return failed ? failed : own(file)->pMethods->xFileSize(own(file), size);
}

static int log_close(sqlite3_file *file) {
  int failed = let_go(file);
  int closed = own(file)->pMethods->xClose(own(file));
  free(((Log *)file)->held);
  return failed ? failed : closed;
}

static int log_lock(sqlite3_file *file, int level) {
  return own(file)->pMethods->xLock(own(file), level);
}

static int log_unlock(sqlite3_file *file, int level) {
  return own(file)->pMethods->xUnlock(own(file), level);
}

static int log_reserved(sqlite3_file *file, int *held) {
  return own(file)->pMethods->xCheckReservedLock(own(file), held);
}

static int log_control(sqlite3_file *file, int what, void *value) {
  return own(file)->pMethods->xFileControl(own(file), what, value);
}

static int log_sector(sqlite3_file *file) {
  return own(file)->pMethods->xSectorSize(own(file));
}

static int log_device(sqlite3_file *file) {
  return own(file)->pMethods->xDeviceCharacteristics(own(file));
}

/* Version 1: a log has no shared memory and is not mapped; the methods left out are those. */
static const sqlite3_io_methods METHODS = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_reserved,
    .xFileControl = log_control,
    .xSectorSize = log_sector,
    .xDeviceCharacteristics = log_device,
};

/* Only the write-ahead log is gathered; every other file is the machine's own. */
static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *granted) {
  (void)vfs;
  if (!(flags & SQLITE_OPEN_WAL)) return machine->xOpen(machine, name, file, flags, granted);
  Log *log = (Log *)file;
  memset(log, 0, sizeof *log);
  int failed = machine->xOpen(machine, name, own(file), flags, granted);
  /* SQLite closes whatever has methods, opened or not. */
  if (own(file)->pMethods) log->base.pMethods = &METHODS;
  return failed;
}

/* Makes the VFS "gather" known before main begins, so that no Rust has to call C. Where it could not be, opening a
 * database under its name fails. */
__attribute__((constructor)) static void make_known(void) {
  static sqlite3_vfs gather;
  /* Nobody asks how much memory SQLite has; counting it is one lock for all connections. */
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  machine = sqlite3_vfs_find(0);
  if (!machine) return;
  gather = *machine;
  gather.zName = "gather";
  gather.szOsFile = (int)sizeof(Log) + machine->szOsFile;
  gather.xOpen = open_file;
  gather.pNext = 0;
  sqlite3_vfs_register(&gather, 0);
}
