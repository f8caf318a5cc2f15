//! Problems of tables handed in at a page or taken away there (P87x).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[
    Explained {
        code: 870,
        title: "表里有不由您办的步骤",
        text: "导入与在案卷里办理是一回事：哪一步由谁办，由登记簿的定义决定。表里有不由您办的步骤，整张表就不能由您记入。请把这一步的各列另存一份，交给能办的人导入，两份表填同样的编号。",
    },
    Explained {
        code: 871,
        title: "补记镇里以前的行为，要由领导导入",
        text: "镇里通过系统作出的行为，以前在系统外已经作出的，按“已发生”补记，并永久标明。补记由领导负责：请把这一步的各列另存一份，由领导导入。",
    },
    Explained {
        code: 872,
        title: "这一行不在您负责的村里",
        text: "授权限于某些村的，只能导入写明自己负责的村、而且只涉及这些村的案卷。涉及别的村的，请乡镇的经办人员导入。",
    },
    Explained {
        code: 873,
        title: "试算过的表已经不在",
        text: "试算通过的表暂存一天，只有上传的人能用，记入以后就清除。已经记入的，在登记簿的清单里看得到；放得太久的，请再上传一次。同一行导入两次，只记一次。",
    },
    Explained {
        code: 874, title: "没有选文件", text: "请选择要导入的 .xlsx 或者 .csv 文件，再按“试算”。"
    },
    Explained {
        code: 875,
        title: "没有写导出个人信息的理由",
        text: "个人信息平时遮盖，连同个人信息导出要写明办什么事用、给谁用。什么时候、谁、为什么导出，都记入访问日志，至少保存六个月。",
    },
];
