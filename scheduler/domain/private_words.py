"""Words that say what somebody is treated for; no mail at the least privacy level may hold one.

English and Spanish, one entry a line or between commas, folded: lower case, no accents.
``ABBREVIATIONS`` count only in capitals ("MS", but not the "-ms-" of a style sheet).
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.replace("\n", ",").split(",") if word.strip())


DRUGS = _words(
    """ocrelizumab, natalizumab, ublituximab, alemtuzumab, mitoxantrone, mitoxantrona
    methylprednisolone, metilprednisolona, infliximab, vedolizumab, eculizumab, ravulizumab, rituximab
    tocilizumab, abatacept, belimumab, pegloticase, pegloticasa, efgartigimod, lecanemab, donanemab
    ustekinumab, hyaluronidase, hialuronidasa, immune globulin, immunoglobulin, inmunoglobulina
    iron sucrose, hierro sacarosa, ferric carboxymaltose, carboximaltosa ferrica
    zoledronic acid, acido zoledronico, zoledronate, ofatumumab, cladribine, cladribina"""
)
BRANDS = _words(
    """ocrevus, ocrevus zunovo, zunovo, tysabri, tyruko, briumvi, lemtrada, novantrone, solu-medrol
    solumedrol, medrol, remicade, inflectra, renflexis, avsola, entyvio, soliris, bkemv, epysqli, ultomiris
    rituxan, mabthera, truxima, ruxience, riabni, actemra, tyenne, tofidence, orencia, benlysta, gamunex
    gamunex-c, privigen, octagam, venofer, injectafer, ferinject, reclast, aclasta, krystexxa, vyvgart
    leqembi, stelara, kesimpta"""
)
CLASSES = _words(
    """monoclonal, monoclonal antibody, monoclonal antibodies, antibody, antibodies, anticuerpo, anticuerpos
    biologic, biologics, biological, biologico, biologicos, biosimilar, biosimilars, biosimilares
    anti-cd20, cd20, anti-cd52, anthracycline, anthracyclines, antraciclina, antraciclinas, chemotherapy
    chemo, quimioterapia, cytotoxic, citotoxico, cytostatic, citostatico, immunosuppressant
    immunosuppressants, immunosuppression, inmunosupresor, inmunosupresores, immunotherapy, inmunoterapia
    steroid, steroids, esteroide, esteroides, corticosteroid, corticosteroids, corticosteroide
    corticosteroides, cortisone, cortisona, bisphosphonate, bisfosfonato, interferon, complement inhibitor
    disease-modifying, relapse, relapses, recaida, recaidas, brote, brotes"""
)
PREMEDICATION = _words(
    """premedication, premedications, premedicate, premedicacion, premed, premeds, antihistamine
    antihistamines, antihistaminico, antihistaminicos, diphenhydramine, difenhidramina, benadryl, cetirizine
    cetirizina, acetaminophen, paracetamol, acetaminofen, tylenol, dexamethasone, dexametasona
    hydrocortisone, hidrocortisona, acyclovir, aciclovir, antipyretic, antipiretico"""
)
DIAGNOSES = _words(
    """multiple sclerosis, sclerosis, esclerosis, esclerosis multiple, neuromyelitis, neuromielitis
    crohn, crohn's, colitis, psoriasis, lupus, arthritis, artritis, rheumatoid, reumatoide, myasthenia
    miastenia, alzheimer, alzheimer's, anemia, anaemia, osteoporosis, gout, gota, polyneuropathy
    polineuropatia, hemoglobinuria, cancer, leukemia, leucemia, lymphoma, linfoma, hiv, vih, hepatitis
    pml, lmp, jcv, listeria"""
)
INFUSION = _words(
    """infusion, infusions, infuse, infused, infusing, infusional, infusiones, infundir, infundido
    infundida, drip, goteo, intravenous, intravenously, intravenoso, intravenosa, suero"""
)
ABBREVIATIONS = frozenset(
    {
        "MS",
        "EM",
        "PPMS",
        "RRMS",
        "SPMS",
        "NMO",
        "NMOSD",
        "CIDP",
        "PNH",
        "IV",
        "IVIG",
        "REMS",
        "TOUCH",
    }
)
PRIVATE = DRUGS | BRANDS | CLASSES | PREMEDICATION | DIAGNOSES | INFUSION
