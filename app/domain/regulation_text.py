"""The text of the regulation: 修武县政务信息化项目管理暂行办法, its 36 articles, in full-width punctuation."""

from __future__ import annotations

TITLE = "修武县政务信息化项目管理暂行办法"
TITLE_EN = "Interim Measures of Xiuwu County for the Administration of Government IT Projects"

CHAPTERS = {
    1: ("总则", 1, 8),
    2: ("申报和审核管理", 9, 14),
    3: ("建设和资金管理", 15, 19),
    4: ("验收管理", 20, 24),
    5: ("信息资源共享管理", 25, 29),
    6: ("监督管理", 30, 33),
    7: ("附则", 34, 36),
}
"""Number of the chapter → (heading, its first article, its last article)."""

TEXT = {
    1: (
        "为加强和规范县级政务信息化项目建设管理，推动政务信息系统跨部门跨层级互联互通、信息共享和业务协同，避免信"
        "息化基础设施重复建设，提高财政资金使用效益，促进政务信息资源共享利用，根据《焦作市人民政府办公室关于印发"
        "焦作市政务信息化项目管理暂行办法和焦作市政务数据资源管理暂行办法的通知》（焦政办〔2020〕52号）等有关规定"
        "和要求，结合我县实际，制定本办法。"
    ),
    2: (
        "本办法所称县级政务信息化项目是指政府资金投资建设、政府和社会企业联合建设、政府向社会购买服务或者需要政府"
        "资金运行维护的，用于支撑县级政务部门履行管理和服务职责的各类信息系统。主要包括：县统一的电子政务网络、政"
        "务业务信息系统、政务数据资源库、政务数据管理平台、政务信息安全基础设施、电子政务基础设施等。\n"
        "本办法所称政务部门，是指政府部门及法律、法规授权具有行政管理职能的事业单位和社会组织。\n"
        "本办法所称项目单位，是指负责政务信息化项目建设的政务部门。"
    ),
    3: (
        "政务信息化项目应当符合本县信息化发展总体规划要求，符合本县数字政府、智慧城市及数字经济总体要求，遵循“统"
        "筹规划、互联互通、共建共享、业务协同、安全可靠”的原则，充分利用现有信息化基础设施，避免盲目投资和重复建"
        "设。"
    ),
    4: (
        "政务信息化项目应当依托政务云平台、电子政务网络建设。不得新建业务机房和专网，待条件具备后，已有政务信息系"
        "统逐步向政务云迁移，已有业务专网逐步并入电子政务网。各单位政务信息系统必须接入焦作市大数据平台（以下简称"
        "大数据平台）实现数据共享。"
    ),
    5: (
        "县政务服务和大数据管理局是本行政区域政务信息化主管部门，负责县级政务信息化规划和年度计划制定、项目初审、"
        "提出项目预算安排意见、项目验收、监督考核；负责组织、指导和监督政务信息资源共享，会同县财政局（国资委）对"
        "各部门申报的政务信息化项目进行统筹管理。\n"
        "对不符合共建共享要求的政务信息化项目，不予审批，不安排建设、运维和购买服务资金。"
    ),
    6: "县发展改革委负责重大政务信息化项目建设的立项审批、监督管理等工作。",
    7: ("县财政局（国资委）负责县级政务信息化项目建设预算安排、运维资金安排、政府采购监管、预算绩效管理和资产监管。"),
    8: "县审计局负责对政务信息化项目进行审计监督。",
    9: (
        "县政务服务和大数据管理局会同有关部门编制县级政务信息化项目年度计划。项目单位于每年11月底前报送下一年度建"
        "设或者采购计划。县政务服务和大数据管理局研究并报县政府同意后，由项目单位编制项目建议书、可行性研究报告、"
        "初步设计方案、项目预算和绩效目标等材料。项目申请改建、扩建、报废时应当委托专业机构进行系统测评，并提交测"
        "评报告。"
    ),
    10: (
        "县政务服务和大数据管理局会同有关部门，组织专家对项目建设的必要性、项目需求的合理性、项目建设方案、资源共"
        "享方案、项目预算和绩效目标等内容进行评审，并提出意见。根据全县信息化发展总体规划，汇总编制政务信息化项目"
        "年度建设计划和资金需求计划，纳入县发展改革委项目立项和县财政局（国资委）预算编制程序。\n"
        "政府购买服务的政务信息化项目，由县政务服务和大数据管理局进行审查并出具意见，县财政局（国资委）对项目资金"
        "的合理性进行审核，项目单位依据核定内容组织采购所需的服务。政府投资建设的政务信息化项目，按照政府投资项目"
        "履行相应审批程序。"
    ),
    11: (
        "县发展改革委负责政府投资类政务信息化项目的立项审批，在项目评估论证阶段，应当征求县政务服务和大数据管理局"
        "对项目的行业审查意见。"
    ),
    12: (
        "县财政局（国资委）根据县政务服务和大数据管理局的审核意见和县发展改革委的立项、批复，负责对列入预算的政务"
        "信息化项目建设资金进行审查、预算管理和拨付。"
    ),
    13: (
        "未经县政务服务和大数据管理局审核的政务信息化项目，县发展改革委不予审批立项，县财政局（国资委）不予安排建"
        "设资金。"
    ),
    14: (
        "列入财政预算的政务信息化项目，项目单位应当提供数据共享交换平台对接方案以及与政务云平台、电子政务外网等基"
        "础设施共建共享方案，经县政务服务和大数据管理局核准后方可进入政府采购程序。"
    ),
    15: (
        "项目单位应当建立健全项目责任制和管理制度，确定项目负责人，加强对项目全过程的统筹协调，强化资源共享和业务"
        "协同，并严格执行招标投标、政府采购、工程监理、合同管理等制度。"
    ),
    16: "项目单位应当依据项目批复文件和政府采购核定内容，按照招标投标、政府采购等法律法规要求组织招标采购。",
    17: (
        "政务信息化项目实行工程监理制，项目单位应当按照工程监理有关规定，委托具有相应工程监理资质的单位，对项目建"
        "设进行工程监理。\n"
        "项目单位应当严格按照前期批准文件执行，确需对建设目标、主体内容等作较大变更或者增加投资的，应当报经县政务"
        "服务和大数据局审查同意后，按照政府投资相关规定执行。"
    ),
    18: (
        "县政务服务和大数据管理局统筹建立全县政务信息化项目库，动态申报，滚动管理。上一年度政务信息化资金未予安排"
        "的项目纳入下一年度作为备选项目，备选项目无需重复审核，入库项目连续三年未予安排资金的自动剔除出库。"
    ),
    19: (
        "县政务服务和大数据管理局、县财政局（国资委）建立协调联动机制，加强对政务信息化项目管理和资金安排的协同联"
        "动，具体包括：\n"
        "（一）编制县政务信息系统目录，对已建成运行的政务信息系统进行汇总；\n"
        "（二）未纳入县政务信息系统目录管理的政务信息化项目，不安排运维经费；\n"
        "（三）不符合政务信息资源整合共享要求的，不安排新建、改建、扩建政务信息化项目；\n"
        "（四）已安排资金的项目，如在当年未开展项目建设且无充分理由的，下一年度不再安排该项目资金。"
    ),
    20: (
        "政务信息化项目竣工后6个月内，项目单位应当按照国家、省、市、县有关规定组织验收。项目验收时须有县政务服务"
        "和大数据管理局指派的专家参加，将县政务服务和大数据管理局的核准意见作为项目验收条件之一。验收通过后，项目"
        "单位应当将验收报告、项目总结、政务信息资源目录和数据资源共享情况等材料报县政务服务和大数据管理局，按照合"
        "同约定向县财政局（国资委）申请支付建设资金。"
    ),
    21: (
        "验收不合格的政务信息化项目，项目单位按照验收意见限期整改，完成整改后可申请第二次验收。项目单位不能按期验"
        "收的，应当向县政务服务和大数据管理局报告延期原因，并明确验收时间。对逾期未验收的项目，县财政局不安排后续"
        "建设资金运维经费。"
    ),
    22: (
        "政务信息化项目运行维护，要有明确的质量保障方案、运行维护方案、安全保障方案、应急保障措施等，并报县政务服"
        "务和大数据管理局。"
    ),
    23: (
        "政务信息化项目投入运行满一年后，由县政务服务和大数据管理局、县财政局（国资委）组织专家或者委托第三方评价"
        "机构对项目运行、数据共享、目标绩效进行评价，评价结果未达标的，整改完成之前不得申报该项目运维或者与该项目"
        "相关的升级改造资金。"
    ),
    24: (
        "政务信息化项目预算绩效评价结果和信息资源共享范围及程度作为县财政局（国资委）安排下一年度项目运维预算和项"
        "目单位同类项目建设及运维预算的重要依据。"
    ),
    25: (
        "县政务服务和大数据管理局负责政务信息资源共享工作统筹管理，会同有关部门建立信息共享工作评价机制，督促检查"
        "政务信息资源共享工作落实情况。"
    ),
    26: (
        "项目单位申报信息化项目可行性研究报告和项目建设方案中应包括：信息资源目录、数据共享清单、数据共享交换机制"
        "和模式。"
    ),
    27: (
        "项目单位在项目建成后，应当将项目信息资源目录纳入大数据平台目录管理系统，建立目录和数据实时更新、信息资源"
        "共享长效机制及共享信息使用反馈机制，确保信息资源共享。"
    ),
    28: (
        "政务信息系统应当按照规定统一接入大数据平台，按照要求共享交换数据资源。不符合接入规定和要求的项目不予审核"
        "立项，不予安排建设资金和运维经费。"
    ),
    29: (
        "县政务服务和大数据管理局配合市政务服务和大数据管理局做好大数据平台安全防护，保障政务信息资源共享交换时的"
        "数据安全。数据提供和使用部门应当做好政务信息资源采集、使用的安全保障工作，协助做好信息共享交换时的安全保"
        "障工作。"
    ),
    30: (
        "项目单位应当严格遵守《中华人民共和国网络安全法》《中华人民共和国计算机信息系统安全保护条例》等相关法律法"
        "规要求，接受县政务服务和大数据管理局、县财政局（国资委）、县公安局、县委网信办、县委机要保密部门等有关部"
        "门的安全监督管理，配合做好监督检查、绩效评价、审计监督管理工作，妥善保存项目建设有关资料并如实提供，不得"
        "拒绝、隐匿、瞒报。"
    ),
    31: (
        "县政务服务和大数据管理局、县财政局（国资委）及有关部门依法对政务信息化项目进行监督检查。监督检查中发现有"
        "违反省、市、县有关规定或者批复要求的，应当要求项目单位限期整改。对拒不整改或者整改后仍不符合要求的，可对"
        "其进行通报批评、暂缓拨付建设资金、暂停项目建设、直至终止项目。"
    ),
    32: (
        "县审计局对批准纳入年度审计计划的项目建设管理及绩效进行审计监督。对审计不达标、未按要求整改的项目，县财政"
        "局（国资委）不拨付运维经费。"
    ),
    33: (
        "对项目单位或者个人违反本办法规定的，或者因管理不善、弄虚作假造成严重超预算、质量低劣、损失浪费、安全事故"
        "的，给予通报批评，并提请有关部门对直接责任人依法依规给予处分；构成犯罪的，移交有关部门依法追究刑事责任。"
    ),
    34: "涉及国家秘密和国家、省、市另有规定的政务信息化项目管理，按照相关规定执行。",
    35: "本办法由县政务服务和大数据管理局负责解释。",
    36: "本办法自发布之日起施行。",
}
"""Number of the article → its full text; paragraphs are separated by a line feed."""
GLOSSES = {
    1: "Purpose and legal basis.",
    2: "Scope: county IT projects paid for, co-built, bought as a service or maintained with public money.",
    3: "Projects follow the county's plans, share what exists, and avoid duplicate construction.",
    4: "Use the government cloud and network; no new server rooms or private networks; connect to the data platform.",
    5: "The bureau is the competent department; what breaks the sharing rules gets neither approval nor money.",
    6: "The development and reform commission approves and supervises major projects.",
    7: "The finance bureau arranges budgets, supervises procurement, performance and assets.",
    8: "The audit bureau audits projects.",
    9: "Annual plan: units report by the end of November; after county consent they prepare the materials.",
    10: "Expert review on six contents; the service path and the investment path.",
    11: "The commission asks the bureau for its industry opinion during the appraisal.",
    12: "Finance reviews, budgets and pays on the bureau's opinion and the commission's approval.",
    13: "Without the bureau's review: no approval, no construction money.",
    14: "Before procurement the bureau approves the exchange plan and the shared-infrastructure plan.",
    15: "A responsible project lead, management rules, and tendering, supervision and contract rules.",
    16: "Procure in accordance with the approval and the approved content.",
    17: "Qualified supervision; larger changes and any added investment need the bureau's consent first.",
    18: "A rolling project library: unfunded projects become alternates, three years unfunded removes them.",
    19: "System catalogue; no catalogue entry, no maintenance money; not started in the year, no money the next.",
    20: "Acceptance within six months of completion, with an expert sent by the bureau and its approval.",
    21: "Failed acceptance is rectified and repeated; delays are reported; overdue projects get no further money.",
    22: "Quality, operation, security and emergency plans for operation and maintenance are filed.",
    23: "After one full year of operation the project is evaluated; below standard, no maintenance or upgrade money.",
    24: "Evaluation results and the degree of sharing weigh in the next year's budget.",
    25: "The bureau coordinates information sharing and evaluates it.",
    26: "Feasibility study and plan contain catalogue, sharing list and exchange mechanism.",
    27: "After completion the catalogue is registered on the data platform and kept up to date.",
    28: "Systems connect to the data platform and exchange data, or get neither approval nor money.",
    29: "Security of the data platform and of collected and shared data.",
    30: "Obey the security laws, accept supervision, keep and truthfully supply documents.",
    31: "Inspections, rectification orders and measures up to termination.",
    32: "Audit of planned projects; failed and not rectified, maintenance money is not paid.",
    33: "Violations are criticised publicly, persons referred for discipline, crimes to the judiciary.",
    34: "State secrets and projects otherwise regulated follow those rules.",
    35: "The bureau interprets the regulation.",
    36: "In force from the day of publication.",
}
"""Number of the article → what it says, in one English sentence; the Chinese text alone has force."""
