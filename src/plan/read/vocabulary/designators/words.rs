//! The words that name milestones.

use super::Class;
use crate::plan::read::vocabulary::Words;

/// The words in front of a milestone's number, and those that are the whole name of one.
pub(in super::super) const DESIGNATORS: &[(Class, &[Words])] = &[
    (
        Class::Milestone,
        &[
            ("en", "milestone"),
            ("de", "meilenstein"),
            ("es", "hito"),
            ("pt", "marco"),
            ("fr", "jalon"),
            ("ru", "веха"),
            ("zh", "里程碑"),
            ("ja", "マイルストーン"),
            ("ko", "마일스톤"),
            ("nl", "mijlpaal"),
        ],
    ),
    (Class::Version, &[("en", "release, version"), ("es", "versión"), ("pt", "versão"), ("ru", "версия")]),
    (
        Class::Phase,
        &[
            ("en", "phase, sprint, iteration, stage, increment, wave"),
            ("de", "etappe, phase"),
            ("es", "fase, etapa"),
            ("pt", "fase, etapa"),
            ("fr", "étape, etape"),
            ("ru", "этап, фаза, спринт"),
            ("zh", "阶段, 迭代, 期"),
            ("ja", "フェーズ, スプリント, 段階"),
            ("ko", "단계, 스프린트, 차"),
            ("nl", "fase"),
            ("pl", "faza, etap"),
            ("fi", "vaihe"),
        ],
    ),
    (
        Class::Epic,
        &[
            ("en", "epic, wp, work package, workstream, feature area"),
            ("de", "arbeitspaket, ap"),
            ("es", "épica, epica, épico"),
            ("pt", "épico, epico"),
            ("fr", "épopée, lot"),
            ("ru", "эпик"),
            ("zh", "史诗"),
            ("ja", "エピック"),
            ("ko", "에픽"),
        ],
    ),
    (
        Class::Part,
        &[
            ("en", "track, module, part, group, batch, level, lesson, section, chapter, tier, block"),
            ("de", "modul, teil, gruppe"),
            ("es", "módulo, modulo, parte, grupo, bloque"),
            ("pt", "módulo, parte, grupo, bloco"),
            ("fr", "module, partie, groupe, bloc"),
            ("ru", "модуль, часть, группа, блок"),
        ],
    ),
    (
        Class::Time,
        &[
            ("en", "week, weeks, month, months, quarter, day, days"),
            ("de", "woche, wochen, kw, monat, tag, quartal"),
            ("es", "semana, semanas, mes, día, dia, trimestre"),
            ("pt", "semana, mês, dia"),
            ("fr", "semaine, semaines, mois, jour, trimestre"),
            ("ru", "неделя, недели, месяц, день, квартал"),
            ("zh", "周, 天"),
            ("ja", "週, 日目"),
            ("ko", "주차, 주, 일차"),
            ("nl", "week"),
        ],
    ),
    (
        Class::Horizon,
        &[
            (
                "en",
                "now, next, later, current, near term, near-term, short term, short-term, mid term, mid-term, medium \
             term, medium-term, long term, long-term, future, upcoming, someday, future versions, future releases, \
             next release, beyond, soon",
            ),
            ("de", "jetzt, als nächstes, später, kurzfristig, mittelfristig, langfristig, zukunft"),
            ("es", "ahora, corto plazo, medio plazo, mediano plazo, largo plazo, futuro"),
            ("pt", "agora, curto prazo, médio prazo, longo prazo, futuro"),
            ("fr", "maintenant, court terme, moyen terme, long terme"),
            ("ru", "сейчас, потом, в будущем"),
            ("zh", "短期, 中期, 长期"),
            ("ja", "短期, 中期, 長期"),
            ("ko", "단기, 중기, 장기"),
        ],
    ),
];
