//! What stands in a bundle for whoever opens it (读我.txt): a lawyer, years later, without us.

use journal::checkpoint::Checkpoint;
use journal::key::VerifierKey;

/// What the text is about.
pub struct About<'a> {
    /// The township.
    pub town: &'a str,
    /// What the bundle is about, line by line.
    pub lines: Vec<String>,
    /// The entries in it.
    pub entries: Vec<u64>,
    /// How many values stand closed.
    pub closed: usize,
    /// What all proofs lead to.
    pub checkpoint: &'a Checkpoint,
    /// The key found beside it.
    pub key: &'a VerifierKey,
    /// A figure, not a record.
    pub figure: bool,
}

/// So many entries are named one by one.
const NAMED: usize = 200;

/// The text.
pub fn readme(about: &About<'_>) -> String {
    let About { town, checkpoint, key, .. } = about;
    let count = about.entries.len();
    let named: Vec<String> = about.entries.iter().take(NAMED).map(u64::to_string).collect();
    let rest = if count > NAMED { " 等" } else { "" };
    let closed = match about.closed {
        0 => "没有遮盖的内容。".to_owned(),
        closed => format!("有 {closed} 项内容遮盖着，只留一个摘要；由摘要猜不出内容，也不影响核验。"),
    };
    let again = match about.figure {
        true => {
            "  yifa-verify 还会由包里的记入和所采用的定义，把这个数字重新加一遍，与 figure.json 所写的比较。\n\
             \x20 figure.json 写着数字的值、口径、所依据的记入和定义文件的哈希；背后每个案卷的记入都在包里，个人信息遮盖着。\n"
        }
        false => "",
    };
    format!(
        "证据包\n\n\
         {town}\n{lines}\n\
         日志：{origin}\n检查点：{size} 条记入，根 {root}\n公钥：{key}\n\
         本包所含：第 {named}{rest} 条记入，共 {count} 条。{closed}\n\n\
         一、包里有什么\n\
         \x20 entries/ 是各条记入的叶：什么时候、由谁、对哪个案卷记的，以及内容的承诺。\n\
         \x20 proofs/ 是各条在检查点所签的树里的证明。\n\
         \x20 payloads/ 是各条的内容；遮盖的只留摘要。\n\
         \x20 files/ 是内容里提到的文件，以 SHA-256 为名；没有要求附上的就没有。\n\
         \x20 checkpoint 是签过名的检查点，vkey 是公钥，policy 写明核验时要谁签名。\n\
         \x20 manifest 是其余各文件的 SHA-256，manifest.note 是日志的密钥对它的签名。\n\n\
         二、怎样核验\n\
         \x20 公钥请从县司法局或者别处另外取得，与上面的相同才算数；只用包里的公钥，只能证明前后一致，不能证明是谁的。\n\
         \x20 1. 用独立核验器：yifa-verify 证据包.zip --key 公钥。原文件改动一个字节，它就不认；解开以后重新压缩的也不认，请保留原文件。\n\
         {again}\
         \x20 2. 用别家的软件：解开以后，在目录里运行 sha256sum -c manifest，逐个核对文件；manifest.note 和 checkpoint 按 C2SP signed-note 核对签名；\
         proofs/ 按 C2SP tlog-proof 核对，叶的哈希是 SHA-256(0x00 ‖ 叶的字节)，树按 RFC 6962。任何支持这些公开格式的程序都可以。\n\n\
         三、核验通过，证明什么\n\
         \x20 这些记入最晚在检查点签署的时候就已经写成现在这个样子，此后一个字也没有改过；各条谁先谁后；这个包做成以来没有动过一个字节。\n\n\
         四、核验通过，也不能证明什么\n\
         \x20 所记的事情是真的：它证明的是谁在什么时候这样说过。\n\
         \x20 该记的都记了：没有记的一步，没有哈希。\n\
         \x20 包里没有漏放：每个案卷从开头起前后相接，中间缺了看得出来；案卷后来的记入、没有放进来的案卷，从包里看不出来。\n\
         \x20 签署以前没有重写过。签署最多迟一秒；同一个检查点送到别人手里以后，才再也换不掉。\n\n\
         五、这不是什么\n\
         \x20 这里的签名只用来核对记录是否完整（完整性校验），不是电子签名、电子印章、电子签章，不代替任何人在文书上的签字和盖章。\n\
         \x20 文书由人签字、盖章以后扫描附在案卷里的，包里的是扫描件：它证明附上的是哪一个文件，不证明纸上的签字是谁的。\n",
        lines = about.lines.join("\n"),
        origin = checkpoint.origin,
        size = checkpoint.size,
        root = checkpoint.root.to_base64(),
        named = named.join("、"),
    )
}
