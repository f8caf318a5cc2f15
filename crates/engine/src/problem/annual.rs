//! Problems with editing and freezing the annual report (P85x).

use super::Explained;

pub(super) const EXPLAINED: &[Explained] = &[
    Explained {
        code: 850,
        title: "改写的文字里数字的写法读不懂",
        text: "改写一段时，台账的数字写成花括号里的名称，如 {调解矛盾纠纷}，左右括号要成对，名称只能是这一段原有的。可以挪动位置，也可以重复；要用别的数字，请先在报告模板里加。",
    },
    Explained {
        code: 851,
        title: "手写、改写、删去数字没有写理由",
        text: "报告里的数字出自台账，改了就说不清来历。确要写与台账不同的、台账没有的数字，或者不写某个数字，请写明理由：理由和改动一起登记，印在“数据来源”里。台账本身错了的，请更正台账，报告的数字会跟着变。",
    },
    Explained {
        code: 852,
        title: "照着改的这一段已经变了",
        text: "打开这一页以后，别人改了这一段，或者台账有了新的记入，自动生成的文字已经不同。请看着新的文字再改；您写的还在框里。",
    },
    Explained {
        code: 853,
        title: "刚记入的还没有签署",
        text: "成稿要印上已经签署的检查点，日后才能照样再生成一遍。签署在记入以后一秒左右完成，请稍等再按一次。",
    },
    Explained {
        code: 854, title: "没有改动", text: "提交的文字与现在的一样，没有什么可以登记的。"
    },
];
