/** Names of diffraction axes and of other quantities, in the plain spelling of `plainName`, in several languages. */

export type Quantity = "twoTheta" | "theta" | "q" | "d" | "reciprocal" | "sine" | "tof";

const TWO_THETA_WORD = String.raw`(?:2|two|zwei|deux|dos|due)[\s_*.-]*(?:θ|th(?:eta)?(?!\p{L})|theta)`;
const THETA_WORD = String.raw`(?:θ|theta|th)`;
const COUPLED = String.raw`(?:${THETA_WORD}|omega|om|ω)`;

/** Anchored: the name and nothing else; tried in this order. */
export const QUANTITIES: readonly (readonly [Quantity, RegExp])[] = [
  [
    "twoTheta",
    new RegExp(
      String.raw`^(?:[°([]*(?:(?:(?:bragg|diffraction|scattering)[\s_-]*)?angle|\p{L}*winkel|衍射角|散射角|回折角|散乱角|角度)?[\s_-]*${TWO_THETA_WORD}(?:[\s_-]*(?:angle|winkel|scan|values?|角度?|obs|meas|axis|deg))?\)?|t?tth|twotheta|tt|${COUPLED}\s*[-/:]\s*${TWO_THETA_WORD}|${TWO_THETA_WORD}\s*[-/:]\s*${COUPLED}|(?:scan[\s_-]*)?angles?|pos(?:ition|\.)?|deg(?:rees?)?|°|(?:diffraction|scattering|detector)[\s_-]*angle|gonio|(?:beugungs|streu|diffraktions)?winkel|angle de (?:diffraction|diffusion)|[áa]ngulo(?: de difracci[óo]n)?|angolo(?: di diffrazione)?|угол(?: дифракции)?|衍射角度?|散射角|角度|回折角度?|散乱角|회절각|각도)$`,
      "u",
    ),
  ],
  [
    "theta",
    new RegExp(
      String.raw`^(?:${THETA_WORD}(?:[\s_-]*(?:angle|winkel|b|bragg))?|bragg[\s_'’s-]*(?:angle|winkel)(?:[\s_,]*${THETA_WORD})?|glanzwinkel|(?:angle|ángulo|angolo) d[ei] bragg|угол брэгга|布拉格角|ブラッグ角|掠射角|half[\s_-]*(?:scattering|diffraction)[\s_-]*angle)$`,
      "u",
    ),
  ],
  [
    "sine",
    /^(?:sin\s*\(?\s*(?:θ|theta|th)\s*\)?\s*(?:\/|over|_|\s)\s*(?:λ|lambda|lam|l|wavelength)|\(\s*sin\s*\(?\s*(?:θ|theta|th)\s*\)?\s*\)\s*\/\s*(?:λ|lambda|lam|l)|sin?t(?:h(?:eta)?)?[\s_]*(?:\/|o|over)?[\s_]*l(?:am(?:bda)?)?|stol|sthol)$/u,
  ],
  [
    "q",
    /^(?:(?:magnitude of )?(?:the )?(?:scattering|wave|momentum)[\s_-]*(?:vector|transfer)(?:[\s_-]*(?:transfer|magnitude|length))?[\s_,]*\(?(?:\|?q\|?)?\)?|\|?q\|?(?:[\s_-]*(?:val(?:ue)?s?|vector|axis|mag\w*|range|space))?|streuvektor(?:[\s_,]*q)?|impulsübertrag|vecteur de diffusion|transfert d'impulsion|散射矢量|散射向量|散乱ベクトル|波矢|4\s*(?:π|pi)\s*\*?\s*sin\s*\(?\s*(?:θ|theta)\s*\)?\s*\/\s*(?:λ|lambda)|2\s*(?:π|pi)\s*\/\s*d)$/u,
  ],
  [
    "reciprocal",
    /^(?:1\s*\/\s*d(?:[\s_-]*spac\w*)?|d\s*(?:\^|\*\*)?\s*\(?\s*-\s*1\s*\)?|d\*|d[\s_-]*star|(?:inverse|reciprocal|inv\.?)[\s_-]*(?:d|(?:d[\s_-]*|lattice[\s_-]*|plane[\s_-]*)?spacing)|s\s*=\s*1\s*\/\s*d|2\s*\*?\s*sin\s*\(?\s*(?:θ|theta|th)\s*\)?\s*\/\s*(?:λ|lambda|l))$/u,
  ],
  [
    "d",
    /^(?:d(?:[\s_-]*(?:spac(?:ings?)?\.?|val(?:ue)?s?|wert|hkl|\(hkl\)|obs|abstand|面間隔))?|dspac(?:ings?)?|(?:lattice|inter[\s_-]?planar|inter[\s_-]?plane|plane)[\s_-]*(?:plane[\s_-]*)?(?:spacings?|distances?)(?:[\s_,]*d)?|netzebenenabstand(?:[\s_,]*d)?|distance (?:inter)?r[ée]ticulaire|(?:晶)?面间距|(?:格子)?面間隔|межплоскостное расстояние)$/u,
  ],
  ["tof", /^(?:tof|time[\s_-]*of[\s_-]*flight|flugzeit|temps de vol|飞行时间|飛行時間)$/u],
];

/**
 * Quantities that a column may hold and that are no diffraction axis here. Transforms of an axis stand first; the
 * names of one letter only count alone or before a unit.
 */
export const OTHER_QUANTITY = new RegExp(
  String.raw`^(?:` +
    [
      // log q, q², 1/d², sin θ, sin²θ, cos θ
      String.raw`(?:log|ln|lg)(?:_?\d+|2|10)?[\s_]*[({\[]?\s*(?:1\s*\+\s*)?(?:\|?q\|?|d|2?\s*θ|2?[\s_-]*th(?:eta)?|s|k)(?!\p{L})`,
      String.raw`(?:q|s|k|d\*?|d\s*\(?-?1\)?)\s*(?:\^|\*\*)?\s*-?2(?![\d\s]*(?:θ|th))(?![a-z\d])`,
      String.raw`1\s*\/\s*d\s*(?:\^|\*\*)?\s*2`,
      String.raw`(?:sin|cos|tan|sqrt)\s*(?:\^?2)?[\s(]*(?:θ|2?\s*th|q|2\s*θ)`,
      // other axes of the goniometer and the detector
      String.raw`(?:omega|om|chi|phi|psi|khi|kappa|eta|[ωχφψκη])(?!\p{L})(?!.*2[\s_*-]*(?:th|θ))`,
      String.raw`(?:azimut\w*|tilt|rotation|rocking|(?:grazing[\s_-]*)?incid\w*|angle of incidence|einfallswinkel|sample[\s_-]*(?:rotation|tilt|height)|z[\s_-]*(?:axis|height))`,
      String.raw`(?:radi(?:al|us)\b|r(?!\p{L})|pixels?|px|channels?|ch|rows?|columns?|distance|depth|height|z)(?!\p{L})`,
      String.raw`(?:radial|radius|rayon|kanal|abstand|半径|像素|通道|チャンネル|ピクセル)`,
      // spectra, heating, time
      String.raw`(?:photon[\s_-]*|kinetic[\s_-]*|binding[\s_-]*)?energ(?:y|ie|ía|ia)|(?:kinetic|binding|e)(?!\p{L})|energia|能量|エネルギー|энергия`,
      String.raw`wave[\s_-]*(?:length|number)|wellenlänge|longueur d'onde|波长|波長|lambda|λ`,
      String.raw`raman|freq\w*|frequenz|voltage|spannung|current|strom|field|pressure|druck|压力`,
      String.raw`t(?:emp(?:erature?)?)?(?:eratur)?\.?(?!\p{L})|温度|temp\w*`,
      String.raw`(?:time|duration|zeit|temps|tiempo|tempo|时间|時間|время)(?!\p{L})`,
      String.raw`(?:mass|weight|gewicht|length|länge|strain|stress|dehnung)(?!\p{L})`,
      String.raw`(?:position|pos\.?)\s*[([_/]\s*(?:mm|cm|µm|um|m|px|pixels?|steps?)\b`,
    ].join("|") +
    String.raw`)`,
  "u",
);
