"""The case that made the bridge: street lamps without initial investment, asked in seven languages.

The encoder alone puts rooftop solar without upfront cost first. Texts in, ranking out, by the portal's own calls.
"""

import pytest

from matching.encoder import backend
from matching.engine import EXPERT, CandidateSet
from matching.evaluation.labelled import Text
from matching.evaluation.run import demands, ranking, solutions
from matching.evaluation.vocabulary import vocabulary

pytestmark = pytest.mark.xdist_group("encoder models")

OFFERS = {
    "LED street lighting as a service": "We replace sodium lamps by LED, run and maintain them for fifteen years; the"
    " city pays a monthly fee.",
    "Rooftop solar without upfront cost": "We own solar panels on municipal roofs; the city buys the power at a fixed"
    " price and pays nothing at the start.",
    "LED lamps for street lighting": "Efficient luminaires for public lighting, sold by the piece with five years of"
    " warranty.",
    "Building retrofit by performance contract": "Insulation, heating and ventilation of public buildings, paid out of"
    " guaranteed savings.",
    "Electric buses on lease": "Battery buses and chargers for a monthly rate, maintenance included.",
    "Advice on green bonds and municipal finance": "We help cities without a budget for investment to borrow.",
    "Public charging points at no cost to the city": "We build and run charging points in the street under a"
    " concession.",
}
ASKED = {
    "es": "Necesitamos renovar el alumbrado público sin inversión inicial.",
    "en": "We need to renew the street lighting without initial investment.",
    "fr": "Nous devons rénover l'éclairage public sans investissement initial.",
    "pt": "Precisamos renovar a iluminação pública sem investimento inicial.",
    "ko": "초기 투자 없이 가로등을 교체해야 합니다.",
    "ja": "初期投資なしで街路灯を更新する必要があります。",
    "zh": "我们需要在无前期投资的情况下更新路灯。",
}


def rank(texts, language):
    encoder = backend("bundled")
    documents = [Text(name, name, text, "en") for name, text in texts.items()]
    candidates = CandidateSet.build(solutions(documents, encoder.id, encoder.embed), vocabulary())
    (demand,) = demands([Text("demand", "", ASKED[language], language)], encoder.id, encoder.embed)
    return ranking(demand, candidates, EXPERT)


@pytest.mark.parametrize("language", ASKED)
def test_lamps_as_a_service_come_first(language):
    assert rank(OFFERS, language)[0] == "LED street lighting as a service"


@pytest.mark.parametrize("language", ["es", "en", "fr", "pt", "ko"])
def test_lamps_as_a_service_come_first_by_name_alone(language):
    assert rank(dict.fromkeys(OFFERS, ""), language)[0] == "LED street lighting as a service"


def test_encoder_alone_would_put_solar_roofs_before_lamps_as_a_service():
    encoder = backend("bundled")
    names = ["LED street lighting as a service", "Rooftop solar without upfront cost"]
    lamps, solar = encoder.embed(names, "passage") @ encoder.embed([ASKED["es"]], "query")[0]
    assert solar > lamps
