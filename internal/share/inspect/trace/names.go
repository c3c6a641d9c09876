package trace

import "strings"

// names says what is told under a name: of EXIF, IPTC, XMP, PDF, Office documents and
// OpenDocument, without their prefixes, in lower case.
var names = map[Kind]string{
	Location: "city country countrycode country-primarylocationname country-primarylocationcode province-state state " +
		"sublocation sub-location location locationname locationcreated locationshown contentlocationname " +
		"area subjectlocation com.apple.quicktime.location.iso6709",
	Person: "artist author by-line by-linetitle byline captionwriter company contact copyright copyrightnotice creator " +
		"creatoraddress creatorcity creatorcountry creatorworkemail creatorworktelephone creatorworkurl credit initial-creator " +
		"lastmodifiedby lastsavedby manager ownername cameraownername owner personinimage printed-by publisher rights " +
		"source usageterms webstatement writer-editor xpauthor persondisplayname photographer imageeditor docname export-filename absref ciemailwork citelwork ciadrcity ciurlwork",
	Device: "make model lens lensinfo lensmake lensmodel lensid lensserialnumber serialnumber bodyserialnumber " +
		"cameraserialnumber internalserialnumber hostcomputer imageuniqueid uniquecameramodel localizedcameramodel makernote " +
		"devicesettingdescription cameralabel imagenumber printername printersetup",
	Thumbnail: "thumbnail",
	Comment: "imagedescription usercomment xpcomment xptitle xpsubject xpkeywords keywords keyword subject description title " +
		"caption-abstract headline objectname specialinstructions instructions comment comments category label documentname " +
		"pagename hyperlinkbase transmissionreference supplementalcategories " +
		"tagslist hierarchicalsubject lastkeywordxmp lastkeywordiptc catalogsets imagetitle",
	Software: "software encoder encoded-by processingsoftware creatortool producer application appversion template generator softwareagent " +
		"originatingprogram programversion documentid instanceid originaldocumentid derivedfrom rawfilename originalrawfilename " +
		"historysoftwareagent historyinstanceid profilename camerafirmware rawdevelopingsoftware imageeditingsoftware metadataeditingsoftware",
	Time: "datetime creation_time datetimeoriginal datetimedigitized createdate modifydate metadatadate creationdate moddate created modified " +
		"creation-date date offsettime offsettimeoriginal offsettimedigitized timezoneoffset datecreated timecreated " +
		"digitalcreationdate digitalcreationtime lastprinted print-date totaltime editing-duration editing-cycles when " +
		"gpsdatestamp gpstimestamp previewdatetime",
}

// kinds is names the other way round.
var kinds = func() map[string]Kind {
	m := map[string]Kind{}
	for kind, list := range names {
		for name := range strings.FieldsSeq(list) {
			m[name] = kind
		}
	}
	return m
}()

// Called returns the kind of what has a name; false if it tells of nobody.
func Called(name string) (Kind, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	if kind, ok := kinds[name]; ok {
		return kind, true
	}
	if strings.HasPrefix(name, "gps") && !strings.HasSuffix(name, "ref") && name != "gpsversionid" && name != "gpsmapdatum" {
		return Location, true
	}
	return "", false
}
