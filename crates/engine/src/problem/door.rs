//! Problems at the door: accounts, passwords, sessions, what somebody may not do (P8xx).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[
    Explained {
        code: 801,
        title: "登录名或者口令不对",
        text: "登录名和口令要一起对上才能登录；是哪一样不对，不告诉来人。几次不对的，要等几分钟再试；忘了口令的，请系统管理员重设。",
    },
    Explained {
        code: 802,
        title: "登录名已经有人用",
        text: "一个登录名只属于一个账号，停用以后也不给别人，因为访问日志里写着它。请换一个登录名。",
    },
    Explained {
        code: 803,
        title: "登录名不合规则",
        text: "登录名是 2 至 32 个汉字、字母或者数字，可以有点、横线和下划线，没有空格。",
    },
    Explained {
        code: 804,
        title: "口令不能用",
        text: "口令至少 10 个字符，不能是连续的数字、重复的字符或者键盘上相邻的字母，也不能只由登录名和姓名凑成。几个不相干的词连起来，又长又好记。",
    },
    Explained {
        code: 805,
        title: "试得太频繁",
        text: "登录、上传这样的操作在短时间里有次数的限制，过几分钟就恢复。这样做只拦住猜口令的人，不会把账号长时间锁住。",
    },
    Explained {
        code: 806,
        title: "页面过期，或者不是从本系统发出的",
        text: "每张表单带有本次登录的标记。登录已经过期，或者表单是别的网站代为提交的，就不受理。填过的内容已经存为草稿，重新登录以后接着填。",
    },
    Explained {
        code: 807,
        title: "还没有账号",
        text: "新的数据目录没有任何账号，也没有默认口令。请在放数据的那台机器上运行 yifa account first，建立第一个系统管理员，再由他在网页上给别人建账号、授权。",
    },
    Explained {
        code: 808,
        title: "已经有账号",
        text: "第一个系统管理员只在没有账号的时候由这台机器建立。以后的账号请由系统管理员登录后建立；管理员忘了口令的，在本机运行 yifa account password。",
    },
    Explained {
        code: 809,
        title: "没有这个权限",
        text: "谁能看、谁能办，由授权的角色和登记簿的定义决定，涉及村的还要看授权限于哪些村。确需办理的，请系统管理员授权；授权也是一条记入，查得到。",
    },
    Explained {
        code: 810,
        title: "没有这一页",
        text: "网址写错了，或者所指的案卷、附件不存在，或者不在您能看的范围里。请从登记簿的清单里找。",
    },
    Explained {
        code: 811,
        title: "提交的内容太大",
        text: "一次提交的文字和附件都有大小的限制，免得占满磁盘或者堵住慢的线路。请压缩附件，或者分几次提交。",
    },
    Explained {
        code: 813,
        title: "监听的地址用不了",
        text: "地址写错了，或者端口被别的程序占着，或者没有权限用它。请换一个端口，如 --listen 127.0.0.1:8418。",
    },
    Explained {
        code: 814,
        title: "证书读不了",
        text: "TLS 证书和私钥是 PEM 格式的文件，私钥要与证书配对。不在本机之外使用的，可以不用证书；放在反向代理后面的，由代理配置证书，并写 --behind-tls。",
    },
];
