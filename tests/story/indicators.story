# Each indicator with the figures and registers that answer to it, and what has no ledger, and who holds it. No scores.

$ demo

$ yifa indicators 2023 --catalogue indicators
市县法治政府建设示范指标体系：与乡镇有关的部分  2023 年

1．政府职能依法全面履行：依法承接和行使下放的执法事项，公开权责  function_items
    依据：《市县法治政府建设示范指标体系》
    数字：实施中的承接事项 3项（上年 1项；记入 3 条）  enforcement.items
    数字：逾期未备案的承接事项 0项（上年 0项；记入 0 条）  enforcement.item_file_overdue
    数字：逾期未评估的承接事项 0项（上年 0项；记入 0 条）  enforcement.item_assess_overdue
    数字：主动公开政府信息 26条（上年 0条；记入 4 条）  disclosure.proactive
    台账：承接执法事项，本年 2 个，累计 3 个  enforcement_item
    台账：政府信息公开申请，本年 6 个，累计 6 个  disclosure_request
    尚缺：权责清单和履职事项清单（基本履职、配合履职、收回事项）没有台账，由县委编办和党政综合办公室保管；政务服务办件、“好差评”没有台账，数据在县政务服务平台；12345 热线工单没有台账，数据在县热线平台

2．依法行政制度体系：行政规范性文件合法性审核、公布、备案、清理  system_documents
    依据：《市县法治政府建设示范指标体系》
    数字：规范性文件立项 2件（上年 0件；记入 2 条）  normative.proposed
    数字：规范性文件合法性审核 3件（上年 0件；记入 3 条）  normative.reviewed
    数字：规范性文件公平竞争审查 0件（上年 0件；记入 0 条）  normative.competition
    数字：制定行政规范性文件 2件（上年 0件；记入 2 条）  normative.issued
    数字：签发后逾期未公布的规范性文件 0件（上年 0件；记入 0 条）  normative.publish_overdue
    数字：报送备案的规范性文件 2件（上年 0件；记入 2 条）  normative.filed
    数字：逾期未备案的规范性文件 0件（上年 0件；记入 0 条）  normative.file_overdue
    数字：备案审查被纠正的规范性文件 0件（上年 0件；记入 0 条）  normative.corrected
    数字：现行有效的行政规范性文件 2件（上年 0件；记入 2 条）  normative.in_force
    数字：清理的规范性文件 0件（上年 0件；记入 0 条）  normative.cleaned
    数字：逾期未清理的规范性文件 0件（上年 0件；记入 0 条）  normative.clean_overdue
    数字：有效期将满尚未评估的规范性文件 0件（上年 0件；记入 0 条）  normative.reassess_overdue
    数字：废止的规范性文件 0件（上年 0件；记入 0 条）  normative.repealed
    数字：失效的规范性文件 0件（上年 0件；记入 0 条）  normative.lapsed
    数字：规范性文件违反禁止的标记 0处（上年 0处；记入 0 条）  normative.barred
    数字：行政规范性文件合法性审查 3件（上年 0件；记入 3 条）  review.documents
    台账：行政规范性文件，本年 3 个，累计 3 个  normative_document
    台账：合法性审查，本年 10 个，累计 10 个  legality_review

3．重大行政决策科学民主合法：年度目录、公众参与、合法性审查、集体讨论  decisions
    依据：《市县法治政府建设示范指标体系》
    数字：列入年度决策目录的事项 2项（上年 0项；记入 2 条）  decision.catalogue_items
    数字：逾期未公布的决策目录 0份（上年 0份；记入 0 条）  decision.catalogue_overdue
    数字：启动的重大行政决策 2项（上年 0项；记入 2 条）  decision.major_started
    数字：作出的重大行政决策 2项（上年 0项；记入 2 条）  decision.major_adopted
    数字：重大行政决策公开征求意见 2次（上年 0次；记入 2 条）  decision.consultations
    数字：征集到的社会意见 23条（上年 0条；记入 2 条）  decision.opinions_received
    数字：采纳的社会意见 15条（上年 0条；记入 2 条）  decision.opinions_taken
    数字：决策听证会 1次（上年 0次；记入 1 条）  decision.hearings
    数字：决策专家论证 1次（上年 0次；记入 1 条）  decision.expert_reviews
    数字：重大决策风险评估 1次（上年 0次；记入 1 条）  decision.risk_assessments
    数字：重大行政决策合法性审查 2次（上年 0次；记入 2 条）  decision.legality_reviews
    数字：重大行政决策审查为不合法 0次（上年 0次；记入 0 条）  decision.refused_as_unlawful
    数字：公布的重大行政决策 2项（上年 0项；记入 2 条）  decision.major_published
    数字：重大行政决策后评估 0次（上年 0次；记入 0 条）  decision.evaluations
    数字：中止执行的重大行政决策 0项（上年 0项；记入 0 条）  decision.suspended
    数字：重大行政决策的标记 5处（上年 0处；记入 5 条）  decision.major_flags
    数字：应当集体决策的事项 7项（上年 0项；记入 7 条）  decision.matters
    数字：集体决策率 85.7%（上年 —；记入 13 条，其中补录 3）  decision.matters_rate
    数字：未经集体决策的事项 1项（上年 0项；记入 1 条）  decision.matters_without
    数字：未经集体决策就实施 1处（上年 0处；记入 1 条）  decision.carried_without
    数字：集体决策违反议事规则 1处（上年 0处；记入 1 条）  decision.collective_barred
    数字：重大行政决策合法性审查 2件（上年 0件；记入 2 条）  review.decisions
    数字：启动的责任倒查 0件（上年 0件；记入 0 条）  accountability.started
    台账：重大行政决策，本年 2 个，累计 2 个  major_decision
    台账：年度决策事项目录，本年 1 个，累计 1 个  decision_catalogue
    台账：应当集体决策的事项，本年 8 个，累计 8 个  decision_matter
    台账：集体决策，本年 4 个，累计 4 个  collective_decision
    台账：合法性审查，本年 10 个，累计 10 个  legality_review
    台账：责任倒查，本年 0 个，累计 0 个  accountability
    本年没有案卷：责任倒查

4．重大行政决策科学民主合法：行政协议和合同先审后签、依约履行  contracts
    依据：《市县法治政府建设示范指标体系》
    数字：合同合法性审查 3份（上年 0份；记入 3 条）  review.contracts
    数字：签订的合同 2份（上年 0份；记入 2 条）  review.signed
    数字：签订的行政协议 1份（上年 0份；记入 1 条）  review.agreements
    数字：履行中的合同 2份（上年 0份；记入 2 条）  review.contracts_running
    数字：合同争议 0件（上年 0件；记入 0 条）  review.disputes
    数字：未审先签的合同标记 0处（上年 0处；记入 0 条）  review.unreviewed_contracts
    数字：履行期满未办结的合同 0份（上年 0份；记入 0 条）  review.finish_overdue
    台账：行政协议和合同，本年 2 个，累计 2 个  government_contract
    台账：合法性审查，本年 10 个，累计 10 个  legality_review

5．重大行政决策科学民主合法：法律顾问、公职律师参与决策  advisers
    依据：《市县法治政府建设示范指标体系》
    数字：乡镇政府法律顾问 1名（上年 1名；记入 1 条）  adviser.government_lawyers
    数字：出具法律意见 3份（上年 0份；记入 3 条，其中补录 1）  adviser.opinions
    数字：法律顾问审查合同、文件 2份（上年 0份；记入 2 条）  adviser.reviews
    数字：就决策、文件、合同出具的法律意见 0件（上年 0件；记入 0 条）  adviser.opinions_on_decisions
    数字：法律意见采纳 5件（上年 0件；记入 5 条，其中补录 1）  adviser.opinions_taken
    数字：法律顾问、公职律师参与的审查 3件（上年 0件；记入 3 条）  review.with_counsel
    数字：具有法律职业资格的人员 1人（上年 1人；记入 1 条）  enforcement.qualified
    台账：法律顾问合同，本年 1 个，累计 3 个  adviser_contract
    台账：法律顾问服务，本年 23 个，累计 24 个  adviser_service
    台账：合法性审查，本年 10 个，累计 10 个  legality_review
    台账：法律专业人才，本年 2 个，累计 4 个  legal_staff

6．行政执法严格规范公正文明：公示、全过程记录、重大执法决定法制审核，持证上岗  enforcement
    依据：《市县法治政府建设示范指标体系》
    数字：持有行政执法证的人员 4人（上年 4人；记入 4 条，其中补录 4）  enforcement.certificates
    数字：证件将满尚未换证 0人（上年 0人；记入 0 条）  enforcement.renew_overdue
    数字：执法人员参加培训人次 4人次（上年 0人次；记入 4 条）  enforcement.trainings
    数字：执法人员培训学时 32学时（上年 0学时；记入 4 条）  enforcement.training_hours
    数字：行政处罚立案 4件（上年 0件；记入 4 条）  enforcement.registered
    数字：作出行政处罚决定 4件（上年 0件；记入 4 条）  enforcement.penalties
    数字：不予行政处罚 0件（上年 0件；记入 0 条）  enforcement.not_punished
    数字：处罚案件法制审核 1件（上年 0件；记入 1 条）  enforcement.case_reviews
    数字：重大执法决定法制审核 1件（上年 0件；记入 1 条）  review.enforcement
    数字：行政处罚听证 1次（上年 0次；记入 1 条）  enforcement.hearings
    数字：公开的处罚决定 2件（上年 0件；记入 2 条）  enforcement.publicised
    数字：逾期未公开的处罚决定 0件（上年 0件；记入 0 条）  enforcement.publicise_overdue
    数字：超过九十日未决定的处罚案件 0件（上年 0件；记入 0 条）  enforcement.decide_overdue
    数字：被变更、撤销、确认违法的处罚决定 0件（上年 0件；记入 0 条）  enforcement.overturned
    数字：执法案件的标记 3处（上年 0处；记入 3 条）  enforcement.case_flags
    数字：参加考试人数 105人（上年 44人；记入 4 条）  exam.took
    数字：考试合格率 97.14%（上年 100%；记入 4 条）  exam.pass_rate
    台账：行政执法案件，本年 4 个，累计 4 个  enforcement_case
    台账：行政执法证件，本年 0 个，累计 4 个  enforcement_certificate
    台账：承接执法事项，本年 2 个，累计 3 个  enforcement_item
    台账：合法性审查，本年 10 个，累计 10 个  legality_review
    台账：法律知识考试，本年 4 个，累计 5 个  exam
    尚缺：应当持证的执法岗位人数没有台账，算不出持证率，由党政综合办公室掌握；行政检查、联合执法次数和案卷评查没有台账，由综合行政执法队和县司法局保管；执法记录仪音像由综合行政执法队另行保管
    本年没有案卷：行政执法证件

7．行政权力制约监督：督察反馈问题整改、政务公开、执行生效裁判  supervision
    依据：《市县法治政府建设示范指标体系》
    数字：接受和开展的督察 1次（上年 0次；记入 1 条）  inspection.inspections
    数字：督察指出的问题 0个（上年 0个；记入 0 条）  inspection.items
    数字：核实整改到位的问题 0个（上年 0个；记入 0 条）  inspection.verified
    数字：整改完成率 —（上年 —；记入 0 条）  inspection.rate
    数字：逾期没有整改的问题 0个（上年 0个；记入 0 条）  inspection.overdue
    数字：逾期没有核实的整改 0个（上年 0个；记入 0 条）  inspection.unverified
    数字：逾期没有报送的整改情况 0次（上年 0次；记入 0 条）  inspection.report_overdue
    数字：主动公开政府信息 26条（上年 0条；记入 4 条）  disclosure.proactive
    数字：收到政府信息公开申请 2件（上年 0件；记入 2 条）  disclosure.received
    数字：答复政府信息公开申请 2件（上年 0件；记入 2 条）  disclosure.replied
    数字：政府信息公开申请按期答复率 100%（上年 —；记入 2 条）  disclosure.in_time_rate
    数字：逾期未答复的申请 0件（上年 0件；记入 0 条）  disclosure.reply_overdue
    数字：因信息公开被复议、诉讼 0件（上年 0件；记入 0 条）  disclosure.contested
    数字：逾期未履行的复议决定和裁判 0件（上年 0件；记入 0 条）  enforcement.perform_overdue
    数字：逾期未报送办理情况的复议意见书和司法建议 0件（上年 0件；记入 0 条）  enforcement.opinion_overdue
    台账：督察，本年 1 个，累计 1 个  inspection
    台账：整改事项，本年 0 个，累计 0 个  rectification
    台账：政府信息公开申请，本年 6 个，累计 6 个  disclosure_request
    台账：行政复议和应诉，本年 2 个，累计 2 个  administrative_case
    尚缺：人大代表建议、政协提案办理没有台账，由乡镇人大主席团和党政综合办公室保管；审计、纪检监察监督的问题没有台账，由有关机关保管
    本年没有案卷：整改事项

8．社会矛盾纠纷依法有效化解：人民调解组织覆盖，调解，排查  disputes
    依据：《市县法治政府建设示范指标体系》
    数字：人民调解委员会 8个（上年 8个；记入 8 条，其中补录 8）  mediation.committees
    数字：村调委会覆盖率 100%（上年 100%；记入 14 条，其中补录 7）  mediation.committee_coverage
    数字：任期届满尚未换届的调委会 0个（上年 0个；记入 0 条）  mediation.terms_expired
    数字：人民调解员 25名（上年 25名；记入 25 条，其中补录 24）  mediation.mediators
    数字：参加业务培训的调解员 24人次（上年 0人次；记入 24 条）  mediation.mediator_trainings
    数字：受理的纠纷 287起（上年 37起；记入 287 条）  mediation.accepted
    数字：调解矛盾纠纷 286起（上年 31起；记入 286 条，其中补录 22）  mediation.ended
    数字：调解成功 283起（上年 31起；记入 283 条，其中补录 22）  mediation.agreed
    数字：调解成功率 99%（上年 100%；记入 286 条，其中补录 22）  mediation.success_rate
    数字：协议履行率 94.5%（上年 95.2%；记入 271 条，其中补录 24）  mediation.performance_rate
    数字：司法确认有效 7件（上年 0件；记入 7 条，其中补录 3）  mediation.confirmed
    数字：防止民间纠纷引起刑事案件 1件（上年 0件；记入 1 条）  mediation.crime_averted
    数字：防止群体性事件 1件（上年 0件；记入 1 条）  mediation.group_averted
    数字：开展矛盾纠纷排查 2次（上年 0次；记入 2 条）  screening.held
    数字：排查发现的纠纷 4件（上年 0件；记入 2 条）  screening.found
    数字：预防纠纷 3件（上年 0件；记入 2 条）  screening.prevented
    数字：边界事项 2件（上年 0件；记入 2 条）  neighbour.matters
    数字：处置了的边界事项 2件（上年 0件；记入 2 条）  neighbour.settled
    台账：人民调解案件，本年 293 个，累计 330 个  mediation_case
    台账：人民调解委员会，本年 0 个，累计 8 个  mediation_committee
    台账：人民调解员，本年 1 个，累计 26 个  mediator
    台账：矛盾纠纷排查，本年 2 个，累计 2 个  screening
    台账：边界联合处置，本年 2 个，累计 2 个  joint_matter
    台账：协调联建协议，本年 2 个，累计 2 个  joint_agreement
    尚缺：行政裁决、仲裁没有台账，由县有关部门和仲裁机构保管；综治中心平台的网格事件没有台账，数据在县综治平台
    本年没有案卷：人民调解委员会

9．社会矛盾纠纷依法有效化解：信访事项依法受理、按期办结，领导接访  petitions
    依据：《市县法治政府建设示范指标体系》
    数字：收到信访事项 6件（上年 0件；记入 6 条）  petition.received
    数字：受理信访事项 4件（上年 0件；记入 4 条）  petition.accepted
    数字：答复信访事项 2件（上年 0件；记入 2 条，其中补录 1）  petition.answered
    数字：信访事项按期办结率 100%（上年 —；记入 1 条）  petition.in_time_rate
    数字：超过期限未答复的信访事项 1件（上年 0件；记入 1 条）  petition.overdue
    数字：逾期未受理告知的信访事项 0件（上年 0件；记入 0 条）  petition.accept_overdue
    数字：请求复查的信访事项 0件（上年 0件；记入 0 条）  petition.reviews
    数字：引导调解的信访事项 0件（上年 0件；记入 0 条）  petition.mediated
    数字：领导干部接访 5次（上年 0次；记入 5 条）  petition.receptions
    数字：公布了没有接访 1次（上年 0次；记入 1 条）  petition.receptions_missed
    数字：接访接待事项 10件（上年 0件；记入 5 条）  petition.reception_matters
    台账：信访事项，本年 6 个，累计 6 个  petition
    台账：公开接访，本年 6 个，累计 6 个  reception_day

10．社会矛盾纠纷依法有效化解：行政复议、行政应诉，负责人出庭  cases
    依据：《市县法治政府建设示范指标体系》
    数字：行政复议案件 1件（上年 0件；记入 1 条）  enforcement.reconsiderations
    数字：行政诉讼案件 1件（上年 0件；记入 1 条）  enforcement.suits
    数字：逾期未答复答辩的复议诉讼案件 0件（上年 0件；记入 0 条）  enforcement.answer_overdue
    数字：行政诉讼开庭 1次（上年 0次；记入 1 条）  enforcement.appearances
    数字：行政机关负责人出庭应诉 1次（上年 0次；记入 1 条）  enforcement.head_appearances
    数字：行政机关负责人出庭应诉率 100%（上年 —；记入 1 条）  enforcement.appearance_rate
    数字：有结果的复议应诉案件 2件（上年 0件；记入 2 条）  enforcement.results
    数字：复议被纠错、诉讼败诉 0件（上年 0件；记入 0 条）  enforcement.lost
    数字：调解、和解结案的复议应诉案件 0件（上年 0件；记入 0 条）  enforcement.settled
    数字：逾期未履行的复议决定和裁判 0件（上年 0件；记入 0 条）  enforcement.perform_overdue
    台账：行政复议和应诉，本年 2 个，累计 2 个  administrative_case

11．社会矛盾纠纷依法有效化解：公共法律服务，一村一法律顾问，法律援助引导  legal_services
    依据：《市县法治政府建设示范指标体系》
    数字：有法律顾问的村 7个（上年 7个；记入 1 条）  adviser.covered_villages
    数字：村法律顾问覆盖率 100%（上年 100%；记入 8 条）  adviser.coverage
    数字：法律顾问集中法律咨询 6次（上年 1次；记入 6 条，其中补录 2）  adviser.consultations
    数字：法律顾问到村坐班、走访 8次（上年 0次；记入 8 条）  adviser.visits
    数字：法律顾问到村约定完成率 —（上年 —；记入 9 条）  adviser.visit_rate
    数字：提供法律咨询的人次 133人次（上年 11人次；记入 15 条，其中补录 2）  adviser.advised_people
    数字：查实的对法律顾问的投诉 1件（上年 0件；记入 1 条）  adviser.complaints_found
    数字：法律援助引导 7件（上年 0件；记入 7 条）  legal_aid.guided
    数字：可以申请法律援助的 6件（上年 0件；记入 6 条）  legal_aid.eligible
    数字：转交法律援助申请 5件（上年 0件；记入 5 条）  legal_aid.referred
    数字：县中心决定给予法律援助 3件（上年 0件；记入 3 条）  legal_aid.granted
    数字：县中心决定不给予法律援助 1件（上年 0件；记入 1 条）  legal_aid.refused
    数字：逾期未转交的法律援助申请 0件（上年 0件；记入 0 条）  legal_aid.refer_overdue
    数字：群众满意度 88.6%（上年 —；记入 2 条）  neighbour.satisfaction
    数字：群众安全感 94.7%（上年 —；记入 1 条）  neighbour.safety
    台账：法律顾问合同，本年 1 个，累计 3 个  adviser_contract
    台账：法律顾问服务，本年 23 个，累计 24 个  adviser_service
    台账：法律顾问投诉评价，本年 1 个，累计 1 个  adviser_complaint
    台账：法律援助引导，本年 7 个，累计 7 个  legal_aid
    台账：满意度调查，本年 2 个，累计 2 个  survey
    尚缺：法律援助案件的承办情况由县法律援助中心保管，这里只有引导和县中心告知的结果；公共法律服务工作站接待人次、自助终端使用量没有台账，由司法所另行登记

12．突发事件依法预防处置  emergencies
    依据：《市县法治政府建设示范指标体系》
    尚缺：没有台账：应急预案、演练和处置记录由应急管理服务中心另行保管

13．法治思维和依法行政能力：领导干部学法、考试，党政主要负责人带头  ability
    依据：《市县法治政府建设示范指标体系》
    数字：各类学法 26次（上年 3次；记入 26 条，其中补录 1）  study.sessions
    数字：党委理论学习中心组学法 6次（上年 1次；记入 6 条）  study.centre_group
    数字：会前学法 8次（上年 1次；记入 8 条）  study.before_meeting
    数字：法治培训 4次（上年 1次；记入 4 条）  study.training
    数字：党政主要负责人带头学法 11次（上年 2次；记入 11 条）  study.led_by_heads
    数字：学法到会率 94.7%（上年 95.8%；记入 26 条，其中补录 1）  study.attendance_rate
    数字：学法计划项目 12项（上年 0项；记入 12 条）  study.planned
    数字：学法计划完成率 91.7%（上年 —；记入 23 条）  study.plan_rate
    数字：逾期没有完成的学法计划项目 0项（上年 0项；记入 0 条）  study.plan_overdue
    数字：法律知识考试 4次（上年 1次；记入 4 条）  exam.held
    数字：考试参考率 97.22%（上年 97.78%；记入 4 条）  exam.participation_rate
    数字：考试合格率 97.14%（上年 100%；记入 4 条）  exam.pass_rate
    数字：缺考人数 3人（上年 0人；记入 3 条）  exam.absent
    数字：逾期没有补考的人数 0人（上年 0人；记入 0 条）  exam.make_up_overdue
    台账：学法计划，本年 12 个，累计 12 个  study_plan
    台账：学法，本年 26 个，累计 29 个  study_session
    台账：法律知识考试，本年 4 个，累计 5 个  exam
    台账：考试结果，本年 3 个，累计 3 个  exam_result
    尚缺：旁听庭审没有单独的数字：作为学法登记的看学法台账；应知应会清单的版本由县委组织部、县司法局印发

14．法治思维和依法行政能力：落实普法责任，法治宣传教育  publicity
    依据：《市县法治政府建设示范指标体系》
    数字：普法宣传活动 59场（上年 5场；记入 59 条，其中补录 2）  publicity.events
    数字：法律六进 13场（上年 0场；记入 13 条）  publicity.six_entries
    数字：普法活动村覆盖率 100%（上年 100%；记入 63 条，其中补录 2）  publicity.village_reach
    数字：发放宣传资料 13000份（册）（上年 1310份（册）；记入 59 条，其中补录 2）  publicity.materials
    数字：开展过活动的宣传日 11个（上年 1个；记入 17 条，其中补录 2）  publicity.days_kept
    数字：开展过普法的对象类别 9类（上年 1类；记入 59 条，其中补录 2）  publicity.groups_reached
    数字：普法计划项目 9项（上年 0项；记入 9 条）  publicity.planned
    数字：普法计划完成率 88.9%（上年 —；记入 17 条）  publicity.plan_rate
    数字：逾期没有完成的普法计划项目 0项（上年 0项；记入 0 条）  publicity.plan_overdue
    数字：法律明白人 19名（上年 20名；记入 19 条）  legal_savvy.serving
    数字：法律明白人村覆盖率 100%（上年 100%；记入 26 条）  legal_savvy.village_reach
    数字：有法律明白人的村民小组 19个（上年 20个；记入 19 条）  legal_savvy.groups
    数字：参加培训的法律明白人 19人次（上年 19人次；记入 19 条）  legal_savvy.trained_people
    台账：普法计划，本年 9 个，累计 9 个  publicity_plan
    台账：普法宣传活动，本年 59 个，累计 64 个  publicity_event
    台账：法律明白人，本年 1 个，累计 21 个  legal_savvy
    尚缺：法治文化广场、宣传栏、标语等阵地没有台账，由宣传办公室和各村保管；民主法治示范村的创建和复核没有台账，由县司法局保管

15．组织领导落实到位：党政主要负责人履行第一责任人职责，研究法治建设，解决问题  first_responsible
    依据：《市县法治政府建设示范指标体系》、《第一责任人职责规定》
    数字：党政主要负责人履行第一责任人职责 6件（上年 0件；记入 6 条）  leadership.duties
    数字：四个亲自 6件（上年 0件；记入 6 条）  leadership.ways
    数字：党委主要负责人履职 3件（上年 0件；记入 3 条）  leadership.secretary
    数字：政府主要负责人履职 3件（上年 0件；记入 3 条）  leadership.head
    数字：有落实情况的履职事项 2件（上年 0件；记入 2 条）  leadership.followed
    数字：听取法治建设工作汇报 5次（上年 0次；记入 5 条）  leadership.heard
    数字：专题研究法治建设的会议 2次（上年 0次；记入 2 条）  leadership.meetings
    数字：列入清单的问题 3个（上年 0个；记入 3 条）  leadership.problems
    数字：核实解决的问题 2个（上年 0个；记入 2 条）  leadership.problems_verified
    数字：尚未解决的问题 1个（上年 0个；记入 1 条）  leadership.problems_open
    数字：逾期没有解决的问题 0个（上年 0个；记入 0 条）  leadership.problems_overdue
    数字：结转下年的问题 0个（上年 0个；记入 0 条）  leadership.problems_carried
    台账：第一责任人履职，本年 6 个，累计 6 个  head_duty
    台账：法治建设专题会议，本年 2 个，累计 2 个  special_meeting
    台账：问题清单，本年 3 个，累计 3 个  problem

16．组织领导落实到位：履行法治建设职责情况列入年终述职  statements
    依据：《市县法治政府建设示范指标体系》、《第一责任人职责规定》第七条
    数字：应述法的人 5人（上年 0人；记入 5 条）  leadership.statements_due
    数字：年终述法 5人（上年 0人；记入 5 条）  leadership.statements
    数字：年终述法完成率 100%（上年 —；记入 10 条）  leadership.statement_rate
    数字：党政主要负责人述法 2人（上年 0人；记入 2 条）  leadership.head_statements
    数字：村党组织书记述法 3人（上年 0人；记入 3 条）  leadership.village_statements
    数字：述法评议 2人（上年 0人；记入 2 条）  leadership.statements_reviewed
    数字：逾期没有述法的人 0人（上年 0人；记入 0 条）  leadership.statements_overdue
    台账：年终述法，本年 5 个，累计 5 个  duty_statement

17．组织领导落实到位：法治政府建设年度报告按时报送、按时公开  annual_report
    依据：《市县法治政府建设示范指标体系》、《法治政府建设与责任落实督察工作规定》第二十四条
    数字：报送的年度报告 1份（上年 0份；记入 1 条）  report.sent
    数字：公开的年度报告 1份（上年 0份；记入 1 条）  report.published
    数字：逾期没有报送的年度报告 0份（上年 0份；记入 0 条）  report.send_overdue
    数字：逾期没有公开的年度报告 0份（上年 0份；记入 0 条）  report.publish_overdue
    数字：逾期报送、公开的年度报告 1处（上年 0处；记入 1 条）  report.late
    数字：公开后的更正 0处（上年 0处；记入 0 条）  report.amended
    台账：年度报告编制，本年 1 个，累计 1 个  annual_report

18．推进机制完善：制定年度计划，分解任务，督促落实  plans
    依据：《市县法治政府建设示范指标体系》
    数字：施行中的规划和计划 4个（上年 3个；记入 4 条，其中补录 3）  plan.in_force
    数字：本乡镇制定的计划、机制 1个（上年 0个；记入 1 条）  plan.own
    数字：法治建设年度任务 2项（上年 0项；记入 2 条）  plan.tasks
    数字：办结的年度任务 2项（上年 0项；记入 2 条）  plan.completed
    数字：年度任务完成率 100%（上年 —；记入 4 条）  plan.completion_rate
    数字：逾期没有办结的任务 0项（上年 0项；记入 0 条）  plan.overdue
    数字：结转下年的任务 0项（上年 0项；记入 0 条）  plan.carried
    数字：计划执行情况检查 1次（上年 0次；记入 1 条）  plan.assessments
    数字：到期没有小结的规划和计划 0个（上年 0个；记入 0 条）  plan.end_overdue
    台账：规划和年度计划，本年 1 个，累计 4 个  plan
    台账：年度任务，本年 2 个，累计 2 个  task

19．推进机制完善：法治建设经费和力量有保障  funding
    依据：《市县法治政府建设示范指标体系》
    数字：法治建设经费预算 60000元（上年 0元；记入 2 条）  funding.budget
    数字：法治建设经费支出 56400元（上年 0元；记入 3 条）  funding.spent
    数字：法治建设经费执行率 94%（上年 —；记入 5 条）  funding.rate
    数字：普法经费预算 30000元（上年 0元；记入 1 条）  funding.publicity_budget
    数字：普法经费支出 26400元（上年 0元；记入 2 条）  funding.publicity_spent
    数字：逾期没有决算的经费 0个（上年 0个；记入 0 条）  funding.settle_overdue
    数字：法律专业人才 2人（上年 2人；记入 2 条）  enforcement.staff
    数字：具有法律职业资格的人员 1人（上年 1人；记入 1 条）  enforcement.qualified
    数字：从事合法性审查的人员 1人（上年 1人；记入 1 条）  enforcement.reviewers
    数字：核定需要的法律专业人才 10人（上年 0人；记入 2 条）  enforcement.staff_wanted
    数字：法律专业人才配备率 20%（上年 —；记入 4 条）  enforcement.staff_rate
    台账：法治经费，本年 2 个，累计 2 个  funding
    台账：法律专业人才，本年 2 个，累计 4 个  legal_staff
    尚缺：编制数和空编数没有台账，由县委编办保管

共 19 项；写明尚缺的 9 项，本年有台账没有案卷的 4 项

$ yifa indicators 2023 --catalogue county_tasks
县里下达乡镇的年度法治建设任务（样本）  2023 年

1．党委专题研究法治建设、党政主要负责人听取汇报  hear_report
    依据：本地：样本，待换成当年清单原文
    数字：专题研究法治建设的会议 2次（上年 0次；记入 2 条）  leadership.meetings
    数字：党委会议专题研究法治建设 1次（上年 0次；记入 1 条）  leadership.party_meetings
    数字：听取法治建设工作汇报 5次（上年 0次；记入 5 条）  leadership.heard
    数字：核实解决的问题 2个（上年 0个；记入 2 条）  leadership.problems_verified
    数字：司法所列席的专题会议 2次（上年 0次；记入 2 条）  leadership.justice_present
    台账：法治建设专题会议，本年 2 个，累计 2 个  special_meeting
    台账：第一责任人履职，本年 6 个，累计 6 个  head_duty
    台账：问题清单，本年 3 个，累计 3 个  problem

2．党政主要负责人年终述法，村党组织书记述法  statement
    依据：本地：样本，待换成当年清单原文
    数字：年终述法 5人（上年 0人；记入 5 条）  leadership.statements
    数字：党政主要负责人述法 2人（上年 0人；记入 2 条）  leadership.head_statements
    数字：村党组织书记述法 3人（上年 0人；记入 3 条）  leadership.village_statements
    数字：年终述法完成率 100%（上年 —；记入 10 条）  leadership.statement_rate
    数字：逾期没有述法的人 0人（上年 0人；记入 0 条）  leadership.statements_overdue
    台账：年终述法，本年 5 个，累计 5 个  duty_statement

3．按时报送和公开法治政府建设年度报告  annual_report
    依据：本地：样本，待换成当年清单原文
    数字：报送的年度报告 1份（上年 0份；记入 1 条）  report.sent
    数字：公开的年度报告 1份（上年 0份；记入 1 条）  report.published
    数字：逾期没有报送的年度报告 0份（上年 0份；记入 0 条）  report.send_overdue
    数字：逾期没有公开的年度报告 0份（上年 0份；记入 0 条）  report.publish_overdue
    台账：年度报告编制，本年 1 个，累计 1 个  annual_report

4．党委理论学习中心组学法、会前学法，领导干部应知应会考试  study
    依据：本地：样本，待换成当年清单原文
    数字：党委理论学习中心组学法 6次（上年 1次；记入 6 条）  study.centre_group
    数字：会前学法 8次（上年 1次；记入 8 条）  study.before_meeting
    数字：学法计划完成率 91.7%（上年 —；记入 23 条）  study.plan_rate
    数字：党政主要负责人带头学法 11次（上年 2次；记入 11 条）  study.led_by_heads
    数字：考试参考率 97.22%（上年 97.78%；记入 4 条）  exam.participation_rate
    数字：考试合格率 97.14%（上年 100%；记入 4 条）  exam.pass_rate
    数字：逾期没有补考的人数 0人（上年 0人；记入 0 条）  exam.make_up_overdue
    台账：学法计划，本年 12 个，累计 12 个  study_plan
    台账：学法，本年 26 个，累计 29 个  study_session
    台账：法律知识考试，本年 4 个，累计 5 个  exam
    台账：考试结果，本年 3 个，累计 3 个  exam_result

5．落实普法规划，开展主题普法活动，普法覆盖各村  publicity
    依据：本地：样本，待换成当年清单原文
    数字：普法宣传活动 59场（上年 5场；记入 59 条，其中补录 2）  publicity.events
    数字：法律六进 13场（上年 0场；记入 13 条）  publicity.six_entries
    数字：开展过普法活动的村 7个（上年 7个；记入 56 条，其中补录 2）  publicity.villages_reached
    数字：普法活动村覆盖率 100%（上年 100%；记入 63 条，其中补录 2）  publicity.village_reach
    数字：发放宣传资料 13000份（册）（上年 1310份（册）；记入 59 条，其中补录 2）  publicity.materials
    数字：开展过活动的宣传日 11个（上年 1个；记入 17 条，其中补录 2）  publicity.days_kept
    数字：普法计划完成率 88.9%（上年 —；记入 17 条）  publicity.plan_rate
    数字：逾期没有完成的普法计划项目 0项（上年 0项；记入 0 条）  publicity.plan_overdue
    台账：普法计划，本年 9 个，累计 9 个  publicity_plan
    台账：普法宣传活动，本年 59 个，累计 64 个  publicity_event

6．培育乡村法律明白人，每村不少于规定人数  legal_savvy
    依据：本地：样本，待换成当年清单原文
    数字：法律明白人 19名（上年 20名；记入 19 条）  legal_savvy.serving
    数字：有法律明白人的村 7个（上年 7个；记入 19 条）  legal_savvy.villages
    数字：法律明白人村覆盖率 100%（上年 100%；记入 26 条）  legal_savvy.village_reach
    数字：新发证的法律明白人 1名（上年 20名；记入 1 条）  legal_savvy.certified
    数字：法律明白人培训 2次（上年 1次；记入 19 条）  legal_savvy.trainings
    数字：参加培训的法律明白人 19人次（上年 19人次；记入 19 条）  legal_savvy.trained_people
    数字：逾期没有培训的法律明白人 0名（上年 0名；记入 0 条）  legal_savvy.training_overdue
    数字：逾期没有复核的法律明白人 0名（上年 0名；记入 0 条）  legal_savvy.review_overdue
    台账：法律明白人，本年 1 个，累计 21 个  legal_savvy
    尚缺：“不少于三名的村”不能直接数：用 yifa figure legal_savvy.serving 年度 --by village 逐村看

7．“三重一大”事项集体决策，重大行政决策依程序作出  collective
    依据：本地：样本，待换成当年清单原文
    数字：应当集体决策的事项 7项（上年 0项；记入 7 条）  decision.matters
    数字：集体决策率 85.7%（上年 —；记入 13 条，其中补录 3）  decision.matters_rate
    数字：未经集体决策的事项 1项（上年 0项；记入 1 条）  decision.matters_without
    数字：未经集体决策就实施 1处（上年 0处；记入 1 条）  decision.carried_without
    数字：集体决策违反议事规则 1处（上年 0处；记入 1 条）  decision.collective_barred
    数字：作出的重大行政决策 2项（上年 0项；记入 2 条）  decision.major_adopted
    数字：重大行政决策的标记 5处（上年 0处；记入 5 条）  decision.major_flags
    台账：应当集体决策的事项，本年 8 个，累计 8 个  decision_matter
    台账：集体决策，本年 4 个，累计 4 个  collective_decision
    台账：重大行政决策，本年 2 个，累计 2 个  major_decision
    台账：年度决策事项目录，本年 1 个，累计 1 个  decision_catalogue

8．乡镇合法性审查全覆盖  legality_review
    依据：本地：样本，待换成当年清单原文
    数字：送请合法性审查 10件（上年 0件；记入 10 条）  review.submitted
    数字：合法性审查 10件（上年 0件；记入 10 条）  review.done
    数字：重大行政决策合法性审查 2件（上年 0件；记入 2 条）  review.decisions
    数字：行政规范性文件合法性审查 3件（上年 0件；记入 3 条）  review.documents
    数字：合同合法性审查 3份（上年 0份；记入 3 条）  review.contracts
    数字：重大执法决定法制审核 1件（上年 0件；记入 1 条）  review.enforcement
    数字：其他涉法事务合法性审查 1件（上年 0件；记入 1 条）  review.others
    数字：审查认为应当修改或者不合法 2件（上年 0件；记入 2 条）  review.amended
    数字：审查认为不合法 0件（上年 0件；记入 0 条）  review.unlawful
    数字：采纳合法性审查意见 2件（上年 0件；记入 2 条）  review.taken
    数字：法律顾问、公职律师参与的审查 3件（上年 0件；记入 3 条）  review.with_counsel
    数字：逾期未出具意见的合法性审查 0件（上年 0件；记入 0 条）  review.opine_overdue
    数字：合法性审查时间不足的标记 0处（上年 0处；记入 0 条）  review.short
    数字：未审先签的合同标记 0处（上年 0处；记入 0 条）  review.unreviewed_contracts
    数字：从事合法性审查的人员 1人（上年 1人；记入 1 条）  enforcement.reviewers
    台账：合法性审查，本年 10 个，累计 10 个  legality_review
    台账：行政协议和合同，本年 2 个，累计 2 个  government_contract
    台账：法律专业人才，本年 2 个，累计 4 个  legal_staff

9．行政规范性文件备案和清理  documents
    依据：本地：样本，待换成当年清单原文
    数字：制定行政规范性文件 2件（上年 0件；记入 2 条）  normative.issued
    数字：报送备案的规范性文件 2件（上年 0件；记入 2 条）  normative.filed
    数字：逾期未备案的规范性文件 0件（上年 0件；记入 0 条）  normative.file_overdue
    数字：清理的规范性文件 0件（上年 0件；记入 0 条）  normative.cleaned
    数字：逾期未清理的规范性文件 0件（上年 0件；记入 0 条）  normative.clean_overdue
    数字：现行有效的行政规范性文件 2件（上年 0件；记入 2 条）  normative.in_force
    台账：行政规范性文件，本年 3 个，累计 3 个  normative_document

10．一村一法律顾问，法律顾问到村服务  adviser
    依据：本地：样本，待换成当年清单原文
    数字：村法律顾问覆盖率 100%（上年 100%；记入 8 条）  adviser.coverage
    数字：法律顾问到村坐班、走访 8次（上年 0次；记入 8 条）  adviser.visits
    数字：法律顾问到村约定完成率 —（上年 —；记入 9 条）  adviser.visit_rate
    数字：法律顾问集中法律咨询 6次（上年 1次；记入 6 条，其中补录 2）  adviser.consultations
    数字：提供法律咨询的人次 133人次（上年 11人次；记入 15 条，其中补录 2）  adviser.advised_people
    数字：逾期未作履约核对的法律顾问合同 0份（上年 0份；记入 0 条）  adviser.check_overdue
    数字：查实的对法律顾问的投诉 1件（上年 0件；记入 1 条）  adviser.complaints_found
    台账：法律顾问合同，本年 1 个，累计 3 个  adviser_contract
    台账：法律顾问服务，本年 23 个，累计 24 个  adviser_service
    台账：法律顾问投诉评价，本年 1 个，累计 1 个  adviser_complaint

11．法律援助宣讲、引导和转交  legal_aid
    依据：本地：样本，待换成当年清单原文
    数字：法律援助宣讲 2场（上年 0场；记入 2 条）  publicity.aid_talks
    数字：法律援助引导 7件（上年 0件；记入 7 条）  legal_aid.guided
    数字：转交法律援助申请 5件（上年 0件；记入 5 条）  legal_aid.referred
    数字：按期转交的 5件（上年 0件；记入 5 条）  legal_aid.referred_in_time
    数字：县中心决定给予法律援助 3件（上年 0件；记入 3 条）  legal_aid.granted
    数字：县中心决定不给予法律援助 1件（上年 0件；记入 1 条）  legal_aid.refused
    数字：县中心逾期没有决定的 0件（上年 0件；记入 0 条）  legal_aid.waiting
    台账：法律援助引导，本年 7 个，累计 7 个  legal_aid
    台账：普法宣传活动，本年 59 个，累计 64 个  publicity_event
    尚缺：承办律师、补贴发放和案件质量由县法律援助中心保管

12．矛盾纠纷排查化解，人民调解组织规范化  mediation
    依据：本地：样本，待换成当年清单原文
    数字：开展矛盾纠纷排查 2次（上年 0次；记入 2 条）  screening.held
    数字：人民调解委员会 8个（上年 8个；记入 8 条，其中补录 8）  mediation.committees
    数字：任期届满尚未换届的调委会 0个（上年 0个；记入 0 条）  mediation.terms_expired
    数字：人民调解员 25名（上年 25名；记入 25 条，其中补录 24）  mediation.mediators
    数字：调解矛盾纠纷 286起（上年 31起；记入 286 条，其中补录 22）  mediation.ended
    数字：调解成功率 99%（上年 100%；记入 286 条，其中补录 22）  mediation.success_rate
    数字：协议履行率 94.5%（上年 95.2%；记入 271 条，其中补录 24）  mediation.performance_rate
    数字：立卷归档 295件（上年 0件；记入 295 条）  mediation.archived
    数字：调解案件逾期未归档 3件（上年 0件；记入 3 条）  quality.archive_overdue
    台账：矛盾纠纷排查，本年 2 个，累计 2 个  screening
    台账：人民调解案件，本年 293 个，累计 330 个  mediation_case
    台账：人民调解委员会，本年 0 个，累计 8 个  mediation_committee
    台账：人民调解员，本年 1 个，累计 26 个  mediator
    本年没有案卷：人民调解委员会

13．领导干部接访，信访事项按期办结  petition
    依据：本地：样本，待换成当年清单原文
    数字：领导干部接访 5次（上年 0次；记入 5 条）  petition.receptions
    数字：公布了没有接访 1次（上年 0次；记入 1 条）  petition.receptions_missed
    数字：收到信访事项 6件（上年 0件；记入 6 条）  petition.received
    数字：信访事项按期办结率 100%（上年 —；记入 1 条）  petition.in_time_rate
    数字：超过期限未答复的信访事项 1件（上年 0件；记入 1 条）  petition.overdue
    台账：公开接访，本年 6 个，累计 6 个  reception_day
    台账：信访事项，本年 6 个，累计 6 个  petition

14．规范乡镇行政执法，执法人员持证上岗  enforcement
    依据：本地：样本，待换成当年清单原文
    数字：实施中的承接事项 3项（上年 1项；记入 3 条）  enforcement.items
    数字：持有行政执法证的人员 4人（上年 4人；记入 4 条，其中补录 4）  enforcement.certificates
    数字：执法人员参加培训人次 4人次（上年 0人次；记入 4 条）  enforcement.trainings
    数字：行政处罚立案 4件（上年 0件；记入 4 条）  enforcement.registered
    数字：作出行政处罚决定 4件（上年 0件；记入 4 条）  enforcement.penalties
    数字：处罚案件法制审核 1件（上年 0件；记入 1 条）  enforcement.case_reviews
    数字：公开的处罚决定 2件（上年 0件；记入 2 条）  enforcement.publicised
    数字：执法案件的标记 3处（上年 0处；记入 3 条）  enforcement.case_flags
    数字：被变更、撤销、确认违法的处罚决定 0件（上年 0件；记入 0 条）  enforcement.overturned
    台账：承接执法事项，本年 2 个，累计 3 个  enforcement_item
    台账：行政执法证件，本年 0 个，累计 4 个  enforcement_certificate
    台账：行政执法案件，本年 4 个，累计 4 个  enforcement_case
    尚缺：持证率缺应当持证的岗位人数，由党政综合办公室掌握；行政检查、联合执法次数由综合行政执法队另行登记
    本年没有案卷：行政执法证件

15．依法应诉，负责人出庭  cases
    依据：本地：样本，待换成当年清单原文
    数字：行政复议和应诉案件 2件（上年 0件；记入 2 条）  enforcement.both
    数字：行政诉讼开庭 1次（上年 0次；记入 1 条）  enforcement.appearances
    数字：行政机关负责人出庭应诉 1次（上年 0次；记入 1 条）  enforcement.head_appearances
    数字：行政机关负责人出庭应诉率 100%（上年 —；记入 1 条）  enforcement.appearance_rate
    数字：复议被纠错、诉讼败诉 0件（上年 0件；记入 0 条）  enforcement.lost
    台账：行政复议和应诉，本年 2 个，累计 2 个  administrative_case

16．政务公开，依申请公开按期答复  disclosure
    依据：本地：样本，待换成当年清单原文
    数字：主动公开政府信息 26条（上年 0条；记入 4 条）  disclosure.proactive
    数字：收到政府信息公开申请 2件（上年 0件；记入 2 条）  disclosure.received
    数字：答复政府信息公开申请 2件（上年 0件；记入 2 条）  disclosure.replied
    数字：政府信息公开申请按期答复率 100%（上年 —；记入 2 条）  disclosure.in_time_rate
    数字：逾期未答复的申请 0件（上年 0件；记入 0 条）  disclosure.reply_overdue
    台账：政府信息公开申请，本年 6 个，累计 6 个  disclosure_request

17．督察反馈问题整改  rectify
    依据：本地：样本，待换成当年清单原文
    数字：督察指出的问题 0个（上年 0个；记入 0 条）  inspection.items
    数字：核实整改到位的问题 0个（上年 0个；记入 0 条）  inspection.verified
    数字：整改完成率 —（上年 —；记入 0 条）  inspection.rate
    数字：逾期没有整改的问题 0个（上年 0个；记入 0 条）  inspection.overdue
    数字：逾期没有核实的整改 0个（上年 0个；记入 0 条）  inspection.unverified
    台账：督察，本年 1 个，累计 1 个  inspection
    台账：整改事项，本年 0 个，累计 0 个  rectification
    本年没有案卷：整改事项

18．法治建设经费列入预算  funds
    依据：本地：样本，待换成当年清单原文
    数字：法治建设经费预算 60000元（上年 0元；记入 2 条）  funding.budget
    数字：法治建设经费支出 56400元（上年 0元；记入 3 条）  funding.spent
    数字：法治建设经费执行率 94%（上年 —；记入 5 条）  funding.rate
    数字：法治建设经费来源 60000元（上年 0元；记入 2 条）  funding.sources
    台账：法治经费，本年 2 个，累计 2 个  funding

19．毗邻地区协调联建，边界纠纷联防联调  neighbour
    依据：本地：样本，待换成当年清单原文
    数字：履行中的协调联建协议 2份（上年 0份；记入 2 条）  neighbour.agreements
    数字：边界联席会商 3次（上年 0次；记入 3 条）  neighbour.meetings
    数字：边界事项 2件（上年 0件；记入 2 条）  neighbour.matters
    数字：处置了的边界事项 2件（上年 0件；记入 2 条）  neighbour.settled
    数字：逾期未召开的联席会商 0次（上年 0次；记入 0 条）  neighbour.meeting_overdue
    台账：毗邻单位，本年 3 个，累计 3 个  neighbour
    台账：协调联建协议，本年 2 个，累计 2 个  joint_agreement
    台账：边界联合处置，本年 2 个，累计 2 个  joint_matter

共 19 项；写明尚缺的 3 项，本年有台账没有案卷的 3 项
