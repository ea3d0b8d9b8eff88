// Joins files as services in Java do: the target, then the files, perhaps behind `--join-fields`. Fields whose names
// occur twice are renamed, or with that become one field.
import java.io.File;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.multipdf.PDFMergerUtility;

public class PdfBoxMerge {
    public static void main(String[] files) throws Exception {
        PDFMergerUtility merger = new PDFMergerUtility();
        int first = files[0].equals("--join-fields") ? 1 : 0;
        if (first == 1) {
            merger.setAcroFormMergeMode(PDFMergerUtility.AcroFormMergeMode.JOIN_FORM_FIELDS_MODE);
        }
        merger.setDestinationFileName(files[first]);
        for (int index = first + 1; index < files.length; index++) {
            merger.addSource(new File(files[index]));
        }
        merger.mergeDocuments(MemoryUsageSetting.setupMainMemoryOnly());
    }
}
