//! The SHACL shapes of our own terms: what a record must say, and in which codes.
//!
//! The codes are those of the vocabularies, so that shapes and records cannot drift apart.

use domain::framing::NOT_DISCLOSED;

use crate::vocabularies::Vocabularies;

/// The shapes for a server's namespace, as Turtle; `site` is its address without a slash at its end.
pub fn shapes(site: &str) -> String {
    let unit = codes("framing.unit");
    let label_source = codes("framing.label_source");
    let perspective = codes("perspective");
    let direction = codes("framing.temporal_direction");
    let unscoreable = codes("framing.unscoreable");
    let reason = codes("exclusion.reason");
    let basis = codes("exclusion.basis");
    format!(
        r#"@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix fr: <{site}/ns/framing#> .
@prefix rai: <http://mlcommons.org/croissant/RAI/> .
@prefix sc: <https://schema.org/> .
@prefix dct: <http://purl.org/dc/terms/> .

# What Croissant requires and its validator lets pass.
fr:DatasetShape a sh:NodeShape ; sh:targetClass sc:Dataset ;
  sh:property [ sh:path sc:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:pattern "^[A-Za-z0-9._-]+$" ] ;
  sh:property [ sh:path sc:license ; sh:minCount 1 ] ;
  sh:property [ sh:path sc:creator ; sh:minCount 1 ] ;
  sh:property [ sh:path sc:datePublished ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path sc:description ; sh:minCount 1 ] ;
  sh:property [ sh:path dct:conformsTo ; sh:minCount 1 ] ;
  sh:property [ sh:path rai:dataCollection ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path rai:dataAnnotationProtocol ; sh:minCount 1 ] ;
  sh:property [ sh:path rai:dataLimitations ; sh:minCount 1 ] ;
  sh:property [ sh:path fr:taskFraming ; sh:minCount 1 ; sh:maxCount 1 ; sh:node fr:TaskFramingShape ] ;
  sh:property [ sh:path fr:exclusion ; sh:node fr:ExclusionShape ] ;
  sh:property [ sh:path fr:measure ; sh:node fr:MeasureShape ] .

# Which version of everyday life a task counts.
fr:TaskFramingShape a sh:NodeShape ;
  sh:property [ sh:path fr:unitOfActivity ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {unit} ) ] ;
  sh:property [ sh:path fr:labelSource ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {label_source} ) ] ;
  sh:property [ sh:path fr:perspective ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {perspective} ) ] ;
  sh:property [ sh:path fr:temporalDirection ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {direction} ) ] ;
  sh:property [ sh:path fr:wearerIntentRecorded ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:or ( [ sh:datatype xsd:boolean ] [ sh:in ( fr:not_disclosed ) ] ) ] ;
  sh:property [ sh:path fr:wearerAffectRecorded ; sh:minCount 1 ; sh:maxCount 1 ;
    sh:or ( [ sh:datatype xsd:boolean ] [ sh:in ( fr:not_disclosed ) ] ) ] ;
  sh:property [ sh:path fr:decidedBy ; sh:minCount 1 ] ;
  sh:property [ sh:path fr:unscoreable ; sh:minCount 1 ; sh:in ( {unscoreable} ) ] .

# What was left out.
fr:ExclusionShape a sh:NodeShape ;
  sh:property [ sh:path fr:reasonCode ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {reason} ) ] ;
  sh:property [ sh:path fr:basis ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( {basis} ) ] ;
  sh:property [ sh:path fr:what ; sh:minCount 1 ] .

# What was measured.
fr:MeasureShape a sh:NodeShape ;
  sh:property [ sh:path fr:measureId ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path fr:measureVersion ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path fr:snapshot ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path sc:unitText ; sh:minCount 1 ; sh:maxCount 1 ] .
"#
    )
}

/// The codes of a vocabulary as terms of our namespace; what nobody has told is a code of each.
fn codes(vocabulary: &str) -> String {
    let Ok(vocabulary) = Vocabularies::shipped().vocabulary(vocabulary) else { return String::new() };
    let known = vocabulary.codes.iter().map(|code| code.code.as_str()).filter(|code| *code != NOT_DISCLOSED);
    let terms: Vec<String> = known.chain([NOT_DISCLOSED]).map(|code| format!("fr:{code}")).collect();
    terms.join(" ")
}
