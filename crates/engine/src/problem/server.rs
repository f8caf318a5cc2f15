//! Problems of a county's database server (P76x, P77x).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[
    Explained {
        code: 760,
        title: "数据库地址写得不对",
        text: "数据库地址写成 postgres://用户@主机:端口/数据库名。主备两台的，主机之间用逗号隔开，后面加 ?target_session_attrs=read-write。口令放在环境变量 PGPASSWORD 里：写在命令行上的，同一台机器上的别人看得见；程序也不把口令写进 yifa.toml。",
    },
    Explained {
        code: 761,
        title: "连不上数据库",
        text: "数据库没有开、地址或者端口不对、网络不通、连接数满了。记入的步骤不受影响：没有显示“已记入”的，没有记入。主备切换时约有半分钟连不上，程序会自己接上；一直连不上的，请找管理数据库的人。",
    },
    Explained {
        code: 762,
        title: "数据库不让进",
        text: "用户名或者口令不对，不许从这台机器进，或者没有这个数据库。请核对地址和 PGPASSWORD，并请管理数据库的人看 pg_hba.conf。程序用的用户由 createuser 建立，数据库由 createdb 建立。",
    },
    Explained {
        code: 763,
        title: "与数据库之间没有加密",
        text: "口令和个人信息不在网络上明着走：数据库不在本机的，地址后面要写 ?sslrootcert=证书文件，程序核对数据库的证书是不是这个机构签发的、主机名对不对。确知线路只在本机房之内、不会被别人接上的，可以写 ?sslmode=disable，后果自负。",
    },
    Explained {
        code: 764,
        title: "数据库里还没有依法的表",
        text: "请管理数据库的人以库的所有者运行 yifa database prepare，建表并给程序的用户授权。地址写错、连到了别的库的，也会这样提示：请先核对数据库名。",
    },
    Explained {
        code: 765,
        title: "数据库的版本不合",
        text: "表是旧版的，请先备份，再运行 yifa database prepare 升级（--dry-run 只看要做什么）；表是新版的，请升级程序；升级只做了一半的，程序不启动，请再运行一次把它做完，做不完的从备份恢复；表被人改过的，从备份恢复，不要手工改表。",
    },
    Explained {
        code: 766,
        title: "数据库的排序规则不合",
        text: "同一份清单在乡镇和在县里先后要一样，所以数据库的排序规则用 C.UTF-8，编码用 UTF8。排序规则建库时定下，不能再改：请用 createdb --template=template0 --encoding=UTF8 --locale=C.UTF-8 重新建库。",
    },
    Explained {
        code: 767,
        title: "数据库里没有程序的用户",
        text: "程序用一个普通用户连数据库，不用所有者。请先用 createuser --pwprompt 建好，再运行 yifa database prepare --role 用户名。用户名只用字母、数字、下划线。",
    },
    Explained {
        code: 768,
        title: "程序的用户权限太大",
        text: "日志只许增加：即使程序被人控制，也不能改、不能删已经记下的。所以程序的用户不能是所有者，也不能有修改、删除日志各表的权限。请换成 yifa database prepare --role 授权的那个用户。",
    },
    Explained {
        code: 769,
        title: "数据库里没有这个乡镇的日志",
        text: "数据目录的 yifa.toml 写着日志在这个数据库里，库里却没有。多半是换了库、恢复得不全，或者拷来了别处的数据目录。程序不会悄悄另起一个空的：请核对 database 一项；日志从别处搬来的，用 yifa move。",
    },
    Explained {
        code: 770,
        title: "与数据库断开，不能肯定记入了没有",
        text: "正在记入时与数据库断开，等了一分钟没有接上。这一步可能已经写进数据库，也可能没有。等数据库恢复以后，把同一张表单再提交一次即可：每张表单有自己的编号，已经记入的不会再记一次。",
    },
    Explained {
        code: 771,
        title: "日志已经搬走",
        text: "这个数据目录的日志用 yifa move 搬到了别处，这里只能查看和核验。两处都记入，就成了两段日志，谁也接不上谁。请到新的地方记入；要搬回来的，从新的地方再搬一次。",
    },
    Explained {
        code: 772,
        title: "目标里是另一段日志",
        text: "要搬去的地方已经有同名的日志，而且与这里的不同，或者比这里多。程序不覆盖，也不合并。多半是搬过去以后又在旧的目录里记过，或者恢复了旧备份：请核对哪一处是真的，另一处停用，并报县司法局。",
    },
    Explained {
        code: 774,
        title: "乡镇的目录名不能用作网址",
        text: "县里的服务器把 towns/ 里每个乡镇的目录名写进网址（/at/目录名/…），所以只用英文字母、数字、点、横线和下划线，如 wuzhifeng。请给目录改名再启动；改目录名不影响日志。",
    },
    Explained {
        code: 773,
        title: "搬过去的与原来的不同",
        text: "搬完以后，每张表的每一行、每条记入的哈希、每个案卷重新推得的结果都与原来核对；有一处不同就不换过去，原来的数据照旧可用。请再运行一次；还是这样的，先用 yifa verify、yifa rebuild 看原来的数据有没有问题。",
    },
    Explained {
        code: 785,
        title: "汇总里没有这个地方",
        text: "--within 写省、市、县的名称，照各乡镇建立时（yifa init --county --city --province）所写的写，一个字不差；也可以从上往下写，用斜线隔开，如 江西省/赣州市/上犹县。建立时没有写市、省的乡镇，只能按县找到。",
    },
    Explained {
        code: 786,
        title: "目录里没有乡镇的数据目录",
        text: "--data-root 指到放着各乡镇数据目录的那个目录：里面每个乡镇一个子目录，子目录里有 yifa.toml。指到了某一个乡镇的数据目录本身的，请写它的上一级。",
    },
];
