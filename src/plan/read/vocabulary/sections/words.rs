//! The names of sections, by what they hold.

use super::SectionKind;
use crate::plan::read::vocabulary::Words;

/// The names of sections.
pub(in super::super) const SECTIONS: &[(SectionKind, &[Words])] = &[
    (
        SectionKind::Milestones,
        &[
            (
                "en",
                "milestones, milestone, suggested milestones, phases, sprints, releases, key milestones, project \
             milestones, milestone planning, versions, roadmap, development phases, implementation phases",
            ),
            ("de", "meilensteine, phasen"),
            ("es", "hitos, fases"),
            ("pt", "marcos, fases"),
            ("fr", "jalons, phases, étapes"),
            ("ru", "вехи, этапы"),
            ("zh", "里程碑, 阶段"),
            ("ja", "マイルストーン, フェーズ"),
            ("ko", "마일스톤, 단계"),
        ],
    ),
    (
        SectionKind::Issues,
        &[
            (
                "en",
                "issues, issue, epics, tasks, task, tickets, stories, user stories, backlog items, work items, scope, \
             task list, task breakdown, action items, todo list, to-do list, features, what to do, work, items, key \
             tasks, implementation tasks, work item assignments, key activities, activities, plans, steps, build \
             order",
            ),
            ("de", "aufgaben, arbeitspakete, tätigkeiten"),
            ("es", "tareas, actividades, historias de usuario"),
            ("pt", "tarefas, atividades, histórias de usuário"),
            ("fr", "tâches, activités, tâches à faire"),
            ("ru", "задачи, задания, работы"),
            ("zh", "任务, 任务列表, 任务清单, 主要工作内容, 工作内容"),
            ("ja", "タスク, 課題, 作業, 作業項目, タスク一覧"),
            ("ko", "작업, 이슈, 작업 목록, 할 일"),
            ("nl", "taken, doelen"),
        ],
    ),
    (
        SectionKind::Deliverables,
        &[
            ("en", "deliverables, key deliverables, outputs, outcomes, results"),
            ("de", "ergebnisse, lieferobjekte"),
            ("es", "entregables"),
            ("pt", "entregáveis, entregas"),
            ("fr", "livrables"),
            ("zh", "交付物"),
            ("ja", "成果物"),
            ("ko", "산출물"),
        ],
    ),
    (
        SectionKind::Criteria,
        &[
            (
                "en",
                "acceptance criteria, acceptance, criteria, success criteria, exit criteria, definition of done, done \
             when, done criteria, completion criteria, acceptance tests, verification, test cases, checklist before \
             merge, quality gates, evaluation criteria, success metrics, metrics, kpis, dod, exit gate, checkpoint, \
             quality gate, final checklist, release checklist, verification checklist, validation checklist, \
             testing checklist, non functional requirements, functional requirements, expected outcome, expected \
             results, test strategy, security requirements, entry criteria, go/no go criteria, definition of ready, \
             complete when",
            ),
            ("de", "akzeptanzkriterien, abnahmekriterien, erfolgskriterien, definition of done"),
            ("es", "criterios de aceptación, criterios de aceptacion, criterios de éxito, verificación"),
            ("pt", "critérios de aceitação, critérios de aceite, critérios de sucesso, verificação"),
            ("fr", "critères d'acceptation, critères de succès, critères de réussite, vérification"),
            ("ru", "критерии приёмки, критерии приемки, критерии готовности, проверка"),
            ("zh", "验收标准, 验收条件, 完成标准, 成功标准, 验证"),
            ("ja", "受け入れ条件, 受け入れ基準, 完了条件, 検証"),
            ("ko", "완료 조건, 인수 조건, 수용 기준, 완료 기준, 검증, 성공 기준"),
        ],
    ),
    (
        SectionKind::Checks,
        &[
            (
                "en",
                "testing, tests, validation, test plan, checks, manual testing, requirements, quality assurance, qa, \
             quality, final checks",
            ),
            ("de", "tests, anforderungen, prüfung"),
            ("es", "pruebas, requisitos"),
            ("pt", "testes, requisitos"),
            ("fr", "tests, exigences"),
            ("ru", "тестирование, требования"),
            ("zh", "测试, 需求"),
            ("ja", "テスト, 要件"),
            ("ko", "테스트, 요구사항"),
        ],
    ),
    (
        SectionKind::Labels,
        &[
            ("en", "labels, label, suggested labels, label definitions, labels used, workflow states, tags"),
            ("de", "etiketten"),
            ("es", "etiquetas"),
            ("pt", "etiquetas, rótulos"),
            ("fr", "étiquettes"),
            ("ru", "метки"),
            ("zh", "标签"),
            ("ja", "ラベル"),
            ("ko", "라벨, 레이블"),
        ],
    ),
    (
        SectionKind::Dependencies,
        &[
            (
                "en",
                "dependencies, dependency graph, dependency map, task dependencies, issue dependencies, dependency \
             order, critical path, dependency chain, dependencies & execution order, blockers, prerequisites",
            ),
            ("de", "abhängigkeiten, voraussetzungen"),
            ("es", "dependencias"),
            ("pt", "dependências"),
            ("fr", "dépendances"),
            ("ru", "зависимости"),
            ("zh", "依赖关系, 依赖"),
            ("ja", "依存関係"),
            ("ko", "의존성, 의존 관계"),
        ],
    ),
    (
        SectionKind::Setup,
        &[("en", "github setup checklist, setup checklist, pins, gates, release gates, repository setup")],
    ),
    (
        SectionKind::About,
        &[
            (
                "en",
                "overview, summary, executive summary, introduction, background, context, purpose, goal, goals, \
             objective, objectives, principles, guiding principles, guidelines, usage, references, resources, \
             appendix, glossary, legend, risks, risk, risk register, assumptions, constraints, best practices, \
             benefits, quick links, table of contents, contents, conventions, template, instructions, format, quick \
             reference, notes, note, open questions, questions, vision, mission, non goals, nongoals, out of scope, \
             architecture, team, license, contributing, contact, faq, changelog, change log, attendees, agenda, key \
             decisions, decisions, decision log, open decisions, tech stack, technology stack, implementation \
             strategy, parallel example, parallel opportunities, parallel execution, how to use, file structure, \
             files, files to change, files to modify, files to create, suggested files, project structure, \
             directory structure, budget, stakeholders, communication, communication plan, ground rules, rules, \
             rationale, motivation, problem, problem statement, alternatives, lessons learned, retrospective, \
             mitigation, mitigations, safety boundaries, document control, revision history, version history, \
             history, related, related documents, see also, links, acknowledgements, getting started, installation, \
             target audience, success stories, issue tracking best practices, workflow, process, issue linking, for \
             developers, for qa, for project managers, data model, technical notes, implementation notes, dev \
             notes, additional information, key insights, execution rules, current gap, why, roles, team members, \
             roles and responsibilities, quick start, estimation, cost, costs, methodology, approach, current \
             baseline, current state, current state assessment, lessons, post mvp considerations, competitive \
             analysis",
            ),
            (
                "de",
                "rahmenbedingungen, annahmen, abgrenzung, motivation, architektur, team, quellen, ressourcen, budget, leitlinien, übersicht, zusammenfassung, hinweise, einleitung, überblick, ziel, ziele, risiken, hintergrund, \
             anhang, notizen, legende, offene fragen, grundsätze, nicht-ziele, glossar",
            ),
            (
                "es",
                "leyenda, supuestos, equipo, glosario, arquitectura, antecedentes, preguntas abiertas, presupuesto, referencias, resumen, introducción, notas, descripción general, riesgos, objetivo, objetivos, contexto, visión \
             general, anexo, recursos, colaboración y responsabilidades",
            ),
            (
                "pt",
                "legenda, equipe, glossário, arquitetura, premissas, orçamento, referências, perguntas em aberto, visão geral, resumo, riscos, objetivo, objetivos, notas, contexto, introdução, recursos",
            ),
            (
                "fr",
                "légende, équipe, glossaire, architecture, hypothèses, budget, références, questions ouvertes, hors périmètre, résumé, aperçu, risques, objectif, objectifs, contexte, notes, introduction, annexe, vue d'ensemble",
            ),
            (
                "ru",
                "команда, глоссарий, архитектура, допущения, бюджет, ссылки, открытые вопросы, обзор, введение, заметки, риски, цель, цели, контекст, примечания, легенда",
            ),
            (
                "zh",
                "图例, 团队, 架构, 术语表, 假设, 资源, 预算, 概述, 总结, 说明, 风险, 目标, 背景, 备注, 注意事项, 关键注意事项, 参考, 附录, 概览",
            ),
            (
                "ja",
                "凡例, チーム, 用語集, アーキテクチャ, 前提条件, 予算, 未解決事項, 概要, まとめ, 目的, 目標, 背景, リスク, 備考, メモ, 参考, 注意事項",
            ),
            (
                "ko",
                "범례, 팀, 용어집, 아키텍처, 가정, 예산, 미해결 질문, 개요, 요약, 참고, 목표, 배경, 리스크, 위험, 비고, 주의사항, 참고 사항",
            ),
            ("nl", "overzicht, samenvatting, inleiding, globale planning"),
        ],
    ),
    (
        SectionKind::Progress,
        &[
            (
                "en",
                "progress, timeline, status, current status, project status, progress tracking, progress summary, \
             timeline overview, milestone overview, phase overview, total effort summary, effort summary, effort \
             estimate, estimates, totals, total, gantt, schedule overview, execution order, velocity, burndown, \
             project board columns, board columns, statistics, stats, task summary, issue summary, summary table, \
             epic summary, epic list, milestone summary, sprint overview, sprint summary, progress overview, quick \
             summary, roadmap overview, status legend, current position, phase map, story map, recommended order, \
             suggested order, implementation order, recommended timeline, sprint planning overview, timeline \
             summary",
            ),
            ("de", "fortschritt, zeitplan, stand, status"),
            ("es", "progreso, cronograma, estado actual"),
            ("pt", "progresso, cronograma, status"),
            ("fr", "progression, calendrier, récapitulatif, avancement"),
            ("ru", "прогресс, статус, сроки"),
            ("zh", "进度, 进度跟踪, 时间线, 当前状态"),
            ("ja", "進捗, スケジュール"),
            ("ko", "진행 상황, 일정, 현황"),
        ],
    ),
    (
        SectionKind::Done,
        &[
            (
                "en",
                "done, completed, complete, finished, delivered, shipped, released, closed, completed tasks, completed \
             items, recently completed, done tasks, resolved",
            ),
            ("de", "erledigt, fertig, abgeschlossen"),
            ("es", "hecho, completado, completadas, terminado"),
            ("pt", "entregue, concluído, feito, entregues, concluídas"),
            ("fr", "terminé, fait, livré"),
            ("ru", "готово, сделано, выполнено"),
            ("zh", "已完成, 完成"),
            ("ja", "完了, 完了済み"),
            ("ko", "완료, 완료됨"),
        ],
    ),
    (
        SectionKind::Open,
        &[
            (
                "en",
                "todo, to do, todos, to-do, to dos, backlog, in progress, doing, working on, planned, pending, open, \
             wip, in review, review, blocked, ready, icebox, ideas, in the works, not started, up next, remaining, \
             remaining work, outstanding, next steps, next up, in development, product backlog",
            ),
            ("de", "ideen, wunschliste, offen, geplant, in arbeit, nächste schritte, rückstand"),
            ("es", "ideas, lista de deseos, pendiente, pendientes, por hacer, en progreso, en curso, próximos pasos"),
            ("pt", "ideias, planejado, pendente, a fazer, em andamento, próximos passos"),
            ("fr", "idées, à faire, en cours, prévu, prochaines étapes"),
            ("ru", "идеи, в работе, запланировано, бэклог"),
            ("zh", "想法, 待办, 进行中, 未开始, 计划中"),
            ("ja", "アイデア, 未着手, 進行中, 予定, バックログ"),
            ("ko", "아이디어, 진행 중, 예정, 대기, 백로그"),
        ],
    ),
    (
        SectionKind::Priority,
        &[
            (
                "en",
                "high priority, medium priority, low priority, critical, critical priority, high, medium, low, must \
             have, must-have, should have, should-have, could have, could-have, nice to have, nice-to-have, won't \
             have, urgent, p0, p1, p2, p3, p4, mandatory, bonus, optional, quick wins, essential, priority 1, \
             priority 2, priority 3, priority 4, tier 1, tier 2, tier 3, important, required, stretch goals, top \
             priority, immediate, mvp, post-mvp, post mvp",
            ),
            ("de", "hohe priorität, mittlere priorität, niedrige priorität, hoch, mittel, niedrig, muss, soll, kann"),
            ("es", "alta prioridad, prioridad alta, prioridad media, prioridad baja, alta, media, baja"),
            ("pt", "alta prioridade, prioridade alta, prioridade média, prioridade baixa"),
            ("fr", "priorité haute, priorité moyenne, priorité basse, haute priorité"),
            ("ru", "высокий приоритет, средний приоритет, низкий приоритет"),
            ("zh", "高优先级, 中优先级, 低优先级"),
            ("ja", "優先度高, 優先度中, 優先度低, 高, 中, 低"),
            ("ko", "높음, 중간, 낮음, 높은 우선순위, 낮은 우선순위"),
        ],
    ),
];

/// Endings that name what a section holds, behind a word that qualifies them or a milestone's name.
pub(super) const ENDINGS: &[(&str, SectionKind)] = &[
    (" acceptance criteria", SectionKind::Criteria),
    (" success criteria", SectionKind::Criteria),
    (" exit criteria", SectionKind::Criteria),
    (" definition of done", SectionKind::Criteria),
    (" requirements", SectionKind::Criteria),
    (" checklist", SectionKind::Criteria),
    (" risks", SectionKind::About),
    (" template", SectionKind::About),
    (" guidelines", SectionKind::About),
    (" best practices", SectionKind::About),
    (" structure", SectionKind::About),
    (" examples", SectionKind::About),
    (" to create", SectionKind::Milestones),
    (" dependencies", SectionKind::Dependencies),
    (" task breakdown", SectionKind::Issues),
    (" tasks", SectionKind::Issues),
    (" user stories", SectionKind::Issues),
    (" issues", SectionKind::Issues),
    (" deliverables", SectionKind::Deliverables),
    (" labels", SectionKind::Labels),
    (" summary", SectionKind::Progress),
    (" overview", SectionKind::Progress),
];

/// Beginnings that name what a section holds.
pub(super) const STARTS: &[(&str, SectionKind)] = &[
    ("how to ", SectionKind::About),
    ("appendix", SectionKind::About),
    ("notes on ", SectionKind::About),
    ("definition of done", SectionKind::Criteria),
    ("acceptance criteria", SectionKind::Criteria),
    ("success criteria", SectionKind::Criteria),
    ("exit criteria", SectionKind::Criteria),
    ("verification", SectionKind::Criteria),
    ("out of scope", SectionKind::About),
    ("open questions", SectionKind::About),
    ("files to ", SectionKind::About),
    ("done ", SectionKind::Done),
    ("working on ", SectionKind::Open),
    ("planned for ", SectionKind::Open),
];

/// Words that only qualify the name of a section: `Technical requirements`. None of them can be what somebody is to do.
pub(in super::super) const QUALIFIERS: &[Words] = &[
    (
        "en",
        "additional, all, current, detailed, existing, external, final, full, functional, general, github, \
             identified, initial, internal, key, known, main, major, manual, minimum, new, open, other, overall, \
             proposed, project, recommended, remaining, suggested, technical, total, team, milestone, sprint, \
             phase, release, epic, issue, task, story, feature, mvp",
    ),
    ("de", "allgemeine, bekannte, externe, interne, offene, technische, weitere, wichtige, zusätzliche"),
    ("es", "adicionales, externas, generales, internas, otros, otras, principales, técnicos, técnicas"),
    ("pt", "adicionais, externas, gerais, internas, outros, outras, principais, técnicos, técnicas"),
    ("fr", "autres, externes, générales, internes, principales, principaux, techniques"),
    ("ru", "внешние, внутренние, дополнительные, общие, основные, технические"),
    ("zh", "主要, 其他, 技术, 外部"),
    ("ja", "主な, その他の, 技術, 外部"),
    ("ko", "주요, 기타, 기술, 외부"),
];
