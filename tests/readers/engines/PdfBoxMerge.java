// Joins files as services in Java do: the target, then the files. Fields whose names occur twice are renamed.
import java.io.File;
import org.apache.pdfbox.io.MemoryUsageSetting;
import org.apache.pdfbox.multipdf.PDFMergerUtility;

public class PdfBoxMerge {
    public static void main(String[] files) throws Exception {
        PDFMergerUtility merger = new PDFMergerUtility();
        merger.setDestinationFileName(files[0]);
        for (int index = 1; index < files.length; index++) {
            merger.addSource(new File(files[index]));
        }
        merger.mergeDocuments(MemoryUsageSetting.setupMainMemoryOnly());
    }
}
